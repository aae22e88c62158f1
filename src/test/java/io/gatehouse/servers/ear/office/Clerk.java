package io.gatehouse.servers.ear.office;

import io.gatehouse.servers.ear.lib.Archive;
import jakarta.inject.Inject;

/** An EJB, declared by {@code ear-ejb-jar.xml}, whose calls may have the class loader of the EJB JAR. */
public class Clerk {
    @Inject
    Archive archive;

    /** Returns what the archive has for the application whose request this is. */
    public String fetch(String key) {
        return archive.get(key);
    }
}
