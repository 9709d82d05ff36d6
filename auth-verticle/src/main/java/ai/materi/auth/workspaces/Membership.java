package ai.materi.auth.workspaces;

import ai.materi.auth.roles.Role;
import java.util.UUID;

/** What somebody is in a workspace. */
public record Membership(UUID workspaceId, Role role) {}
