package io.gatehouse.internal.schedule;

import jakarta.enterprise.context.Dependent;

/**
 * The server's EJB timer, ticking. It is told nothing about the work; intervals are in the {@link TaskSchedule}.
 *
 * <p>It is an EJB only where an {@code ejb-jar.xml} says so, as that of our WAR does: an EJB annotation here would keep
 * applications whose web.xml is {@code metadata-complete} from starting on Payara. The scope is for Payara too, which creates
 * no EJB from a JAR with a beans.xml unless CDI knows the class.
 */
@Dependent
public class GatehouseTimer {

    void tick() {
        TaskSchedule.tickAll();
    }
}
