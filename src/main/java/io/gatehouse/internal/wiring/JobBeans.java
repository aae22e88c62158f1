package io.gatehouse.internal.wiring;

import io.gatehouse.internal.servers.CdiScope;
import io.gatehouse.jobs.Job;
import io.gatehouse.jobs.JobHandler;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.ArrayList;
import java.util.List;

/** The beans of the application that jobs use: the jobs themselves, and their request contexts. Only this class refers to CDI here. */
final class JobBeans {
    /** Found where CDI knows the application; in the thread of a job some servers do not. */
    private final BeanManager beans = CdiScope.currentBeans();

    /** Returns the beans that implement {@link JobHandler}. A bean is created when its first run starts. */
    List<ApplicationJobs.Bean> find() {
        List<ApplicationJobs.Bean> found = new ArrayList<>();
        for (Instance.Handle<JobHandler> handle : beans.createInstance()
                .select(JobHandler.class, Any.Literal.INSTANCE)
                .handles()) {
            Class<?> type = handle.getBean().getBeanClass();
            found.add(new ApplicationJobs.Bean(
                    type.getName(),
                    type.getAnnotation(Job.class),
                    context -> handle.get().run(context)));
        }
        return found;
    }

    /** Runs work in a request context of its own, unless the thread has one. */
    void inRequestContext(Runnable work) {
        Instance.Handle<RequestContextController> handle =
                beans.createInstance().select(RequestContextController.class).getHandle();
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
