package io.gatehouse.session;

/**
 * The CDI event that a session has ended. Fired once in the whole cluster, after the listeners of the session.
 *
 * <pre>{@code
 * void audit(@Observes SessionEndedEvent event) {
 *     log.info(event.user() + " " + event.reason().label());
 * }
 * }</pre>
 *
 * @param handle the name of the session for administrators and logs
 * @param user the name of the user, or empty
 * @param reason the reason of the end
 */
public record SessionEndedEvent(String handle, String user, EndReason reason) {}
