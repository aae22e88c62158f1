package io.gatehouse.internal.wiring;

import io.gatehouse.jobs.Job;
import io.gatehouse.jobs.JobHandler;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import java.util.ArrayList;
import java.util.List;

/** Finds the jobs that are CDI beans of the application, and runs jobs in a request context. Only this class refers to CDI here. */
final class JobBeans {
    private JobBeans() {}

    /** Returns the beans that implement {@link JobHandler}. A bean is created when its first run starts. */
    static List<ApplicationJobs.Bean> find() {
        List<ApplicationJobs.Bean> beans = new ArrayList<>();
        for (Instance.Handle<JobHandler> handle :
                CDI.current().select(JobHandler.class, Any.Literal.INSTANCE).handles()) {
            Class<?> type = handle.getBean().getBeanClass();
            beans.add(new ApplicationJobs.Bean(
                    type.getName(),
                    type.getAnnotation(Job.class),
                    context -> handle.get().run(context)));
        }
        return beans;
    }

    /** Runs work in a request context of its own, unless the thread has one. */
    static void inRequestContext(Runnable work) {
        Instance.Handle<RequestContextController> handle =
                CDI.current().select(RequestContextController.class).getHandle();
        RequestContextController controller = handle.get();
        boolean activated = controller.activate();
        try {
            work.run();
        } finally {
            if (activated) {
                controller.deactivate();
            }
            handle.destroy();
        }
    }
}
