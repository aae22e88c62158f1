package io.gatehouse.internal.wiring;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Reads the elements of the application's web.xml that the Servlet API does not expose. */
final class DeploymentDescriptor {
    private static final System.Logger LOG = System.getLogger(DeploymentDescriptor.class.getName());
    private static final String PATH = "/WEB-INF/web.xml";

    private DeploymentDescriptor() {}

    /**
     * Returns whether web.xml declares {@code <distributable/>} (Servlet 6.0, 7.7.2); false if there is no web.xml or it is unreadable.
     *
     * @param resources opens a resource of the application by its path, or returns null if it does not exist
     */
    static boolean isDistributable(Function<String, @Nullable InputStream> resources) {
        try (InputStream file = resources.apply(PATH)) {
            return file != null && declaresDistributable(file);
        } catch (IOException | XMLStreamException | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    PATH + " cannot be read; the application is treated as not distributable",
                    e);
            return false;
        }
    }

    /** Parses the file with DTDs and external entities disabled (XXE, CWE-611). */
    private static boolean declaresDistributable(InputStream file) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> new ByteArrayInputStream(new byte[0]));
        XMLStreamReader reader = factory.createXMLStreamReader(file);
        try {
            int depth = 0;
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamConstants.START_ELEMENT && ++depth == 2) {
                    if (reader.getLocalName().equals("distributable")) {
                        return true;
                    }
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                }
            }
            return false;
        } finally {
            reader.close();
        }
    }
}
