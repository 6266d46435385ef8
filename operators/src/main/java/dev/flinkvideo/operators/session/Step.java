package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.SessionCommand;
import java.util.List;

/**
 * What one signal did to a session.
 *
 * @param session as it is now; when it is CLOSED, to be deleted
 * @param changes of its state, in order; mostly none
 * @param command to be given, or null if what was commanded still holds
 * @param quarantined sources that broke too often, in this step
 * @param ignored why the signal changed nothing, or less than it says; null if all of it counts
 * @param statusChanged whether its status says something new
 */
public record Step(
    Session session,
    List<Change> changes,
    SessionCommand command,
    List<String> quarantined,
    Ignored ignored,
    boolean statusChanged) {}
