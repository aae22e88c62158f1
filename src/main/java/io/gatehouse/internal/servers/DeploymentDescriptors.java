package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Reads the web.xml of an application and the web fragments of its libraries, for elements that a server does not report. */
final class DeploymentDescriptors {
    private static final System.Logger LOG = System.getLogger(DeploymentDescriptors.class.getName());
    private static final String WEB_XML = "/WEB-INF/web.xml";
    private static final String FRAGMENT = "META-INF/web-fragment.xml";

    private DeploymentDescriptors() {}

    /** Returns whether one of them has a {@code <path>} in its {@code <cookie-config>}. */
    static boolean nameCookiePath(ServletContext context, ClassLoader application) {
        try {
            if (namesCookiePath(context.getResourceAsStream(WEB_XML))) {
                return true;
            }
            for (URL fragment : Collections.list(application.getResources(FRAGMENT))) {
                if (namesCookiePath(fragment.openStream())) {
                    return true;
                }
            }
        } catch (IOException | XMLStreamException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "web.xml cannot be read ({0}), so the cookie path is the context path; set GATEHOUSE_COOKIE_PATH to change it",
                    e.toString());
        }
        return false;
    }

    private static boolean namesCookiePath(@Nullable InputStream descriptor) throws IOException, XMLStreamException {
        if (descriptor == null) {
            return false;
        }
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (descriptor) {
            XMLStreamReader reader = factory.createXMLStreamReader(descriptor);
            boolean inside = false;
            while (reader.hasNext()) {
                int event = reader.next();
                boolean isElement =
                        event == XMLStreamConstants.START_ELEMENT || event == XMLStreamConstants.END_ELEMENT;
                if (isElement && reader.getLocalName().equals("cookie-config")) {
                    inside = event == XMLStreamConstants.START_ELEMENT;
                } else if (inside
                        && event == XMLStreamConstants.START_ELEMENT
                        && reader.getLocalName().equals("path")) {
                    return !reader.getElementText().isBlank();
                }
            }
            return false;
        }
    }
}
