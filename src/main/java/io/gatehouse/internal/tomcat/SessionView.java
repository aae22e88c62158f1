package io.gatehouse.internal.tomcat;

import java.util.Collections;
import java.util.Iterator;
import org.apache.catalina.Manager;
import org.apache.catalina.Session;
import org.apache.catalina.SessionListener;

/** The part of Tomcat's session interface that reads from the session of the application, or that Gatehouse does by itself. */
abstract class SessionView implements Session {

    @Override
    public long getCreationTime() {
        return getSession().getCreationTime();
    }

    @Override
    public long getCreationTimeInternal() {
        return isValid() ? getCreationTime() : 0;
    }

    @Override
    public void setCreationTime(long time) {}

    @Override
    public String getId() {
        return getSession().getId();
    }

    @Override
    public String getIdInternal() {
        return getId();
    }

    @Override
    public void setId(String id) {}

    @Override
    public void setId(String id, boolean notify) {}

    @Override
    public long getThisAccessedTime() {
        return getLastAccessedTime();
    }

    @Override
    public long getThisAccessedTimeInternal() {
        return getLastAccessedTimeInternal();
    }

    @Override
    public long getLastAccessedTime() {
        return getSession().getLastAccessedTime();
    }

    @Override
    public long getLastAccessedTimeInternal() {
        return isValid() ? getLastAccessedTime() : 0;
    }

    @Override
    public long getIdleTime() {
        return 0; // a request uses the session now
    }

    @Override
    public long getIdleTimeInternal() {
        return 0;
    }

    @Override
    public void setManager(Manager manager) {}

    @Override
    public int getMaxInactiveInterval() {
        return getSession().getMaxInactiveInterval();
    }

    @Override
    public void setMaxInactiveInterval(int seconds) {
        getSession().setMaxInactiveInterval(seconds);
    }

    @Override
    public void setNew(boolean created) {}

    /** Of Tomcat 11. */
    @Override
    public boolean isNew() {
        return getSession().isNew();
    }

    @Override
    public void setValid(boolean valid) {}

    @Override
    public void access() {}

    @Override
    public void addSessionListener(SessionListener listener) {}

    @Override
    public void removeSessionListener(SessionListener listener) {}

    @Override
    public Iterator<String> getNoteNames() {
        return Collections.emptyIterator();
    }

    @Override
    public void removeNote(String name) {
        setNote(name, null);
    }

    @Override
    public void recycle() {}

    /** Gatehouse notifies the listeners of the application. */
    @Override
    public void tellChangedSessionId(
            String newId, String oldId, boolean notifySessionListeners, boolean notifyContainerListeners) {}

    @Override
    public boolean isAttributeDistributable(String name, Object value) {
        return true;
    }
}
