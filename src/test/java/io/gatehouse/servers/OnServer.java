package io.gatehouse.servers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Marks a test class whose WARs Arquillian deploys on an application server. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({OnServer.AwaitStop.class, ArquillianExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public @interface OnServer {

    /** Delays the next class until the servers of this one have stopped, because each WAR is a process on Payara. */
    final class AwaitStop implements AfterAllCallback {

        @Override
        public void afterAll(ExtensionContext context) {
            if (Server.PAYARA.isUnderTest()) {
                Node.NAMES.forEach(Node::awaitEnd);
            }
        }
    }
}
