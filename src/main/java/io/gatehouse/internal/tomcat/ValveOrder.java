package io.gatehouse.internal.tomcat;

import java.util.Arrays;
import java.util.List;
import org.apache.catalina.Authenticator;
import org.apache.catalina.Pipeline;
import org.apache.catalina.Valve;
import org.apache.catalina.core.StandardPipeline;

/**
 * The order of the valves of a context. Tomcat only appends valves, and the authenticator is there before an application starts. Valves in
 * front of the authenticator stay there, such as one that finds out the address of the client behind a proxy.
 */
final class ValveOrder {
    private ValveOrder() {}

    /** Adds a valve directly before the authenticator, or as the last if there is none. Returns whether it could. */
    static boolean addBeforeAuthenticator(Pipeline pipeline, Valve added) {
        List<Valve> before = Arrays.asList(pipeline.getValves());
        int authenticator = indexOfAuthenticator(before);
        pipeline.addValve(added);
        if (authenticator < 0) {
            return true;
        }
        Valve following = before.get(authenticator);
        Valve last = lastBefore(added, pipeline);
        if (authenticator > 0) {
            last.setNext(added.getNext());
            added.setNext(following);
            before.get(authenticator - 1).setNext(added);
            return true;
        }
        ServerField first =
                pipeline instanceof StandardPipeline ? ServerField.of(StandardPipeline.class, "first") : null;
        if (first == null) {
            pipeline.removeValve(added);
            return false;
        }
        first.set(pipeline, added);
        last.setNext(added.getNext());
        added.setNext(following);
        return true;
    }

    private static int indexOfAuthenticator(List<Valve> valves) {
        for (int i = 0; i < valves.size(); i++) {
            if (valves.get(i) instanceof Authenticator) {
                return i;
            }
        }
        return -1;
    }

    private static Valve lastBefore(Valve added, Pipeline pipeline) {
        Valve last = pipeline.getFirst();
        while (last.getNext() != added) {
            last = last.getNext();
        }
        return last;
    }
}
