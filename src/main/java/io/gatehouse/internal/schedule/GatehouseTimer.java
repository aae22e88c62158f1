package io.gatehouse.internal.schedule;

import jakarta.enterprise.context.Dependent;

/**
 * The EJB whose timer drives every open {@link TaskSchedule}, which has the tasks and their intervals.
 *
 * <p>An {@code ejb-jar.xml}, such as that of Gatehouse's WAR, declares it as an EJB. An annotation here would prevent applications
 * with a {@code metadata-complete} web.xml from starting on Payara. The scope is needed because Payara creates no EJB from a JAR
 * with a beans.xml unless CDI knows the class.
 */
@Dependent
public class GatehouseTimer {

    void tick() {
        TaskSchedule.tickAll();
    }
}
