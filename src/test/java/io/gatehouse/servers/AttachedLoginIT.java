package io.gatehouse.servers;

import io.gatehouse.servers.plain.VisitServlet;
import java.io.IOException;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests users of the server in a WAR to which the script has added Gatehouse, while the server uses its sessions, on two nodes. */
@OnServer
class AttachedLoginIT {

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() throws IOException, InterruptedException {
        return attached();
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() throws IOException, InterruptedException {
        return attached();
    }

    private static WebArchive attached() throws IOException, InterruptedException {
        WebArchive plain = ShrinkWrap.create(WebArchive.class, "members.war")
                .addClasses(VisitServlet.class, VisitServlet.OfMembers.class)
                .setWebXML("servers/guarded-web.xml")
                .addAsWebInfResource("servers/glassfish-web.xml", "glassfish-web.xml");
        return Wars.attached(Wars.inContainerMode(plain));
    }

    @Test
    void knowsAUserOnBothNodes() {
        ServerTestEnvironment.redis().flush();
        Node.start(controller);
        try {
            FormScenario.play("/members", () -> JvmOfNode.kill(Node.TWO));
        } finally {
            Node.start(controller); // Arquillian does not know that it was killed
        }
    }
}
