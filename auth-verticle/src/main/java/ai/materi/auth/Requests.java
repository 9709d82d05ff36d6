package ai.materi.auth;

import ai.materi.auth.documents.Action;
import ai.materi.auth.documents.DocumentState;
import ai.materi.auth.fields.Fields;
import ai.materi.auth.roles.Role;

/** Reads the enums of the contract, of which every one may also be absent or from a newer version. */
final class Requests {
    private Requests() {}

    static Role role(ai.materi.proto.auth.v1.Role role) {
        return switch (role) {
            case ROLE_VIEWER -> Role.VIEWER;
            case ROLE_COMMENTER -> Role.COMMENTER;
            case ROLE_EDITOR -> Role.EDITOR;
            case ROLE_ADMIN -> Role.ADMIN;
            case ROLE_OWNER -> Role.OWNER;
            case ROLE_UNSPECIFIED, UNRECOGNIZED ->
                throw Fields.invalid("role", "A role is one of viewer, commenter, editor, admin and owner.");
        };
    }

    static Action action(ai.materi.proto.auth.v1.Action action) {
        return switch (action) {
            case ACTION_READ -> Action.READ;
            case ACTION_COMMENT -> Action.COMMENT;
            case ACTION_WRITE -> Action.WRITE;
            case ACTION_MANAGE -> Action.MANAGE;
            case ACTION_RESTORE -> Action.RESTORE;
            case ACTION_UNSPECIFIED, UNRECOGNIZED ->
                throw Fields.invalid("action", "An action is one of read, comment, write, manage and restore.");
        };
    }

    static DocumentState state(ai.materi.proto.auth.v1.DocumentState state) {
        return switch (state) {
            case DOCUMENT_STATE_ACTIVE -> DocumentState.ACTIVE;
            case DOCUMENT_STATE_TRASHED -> DocumentState.TRASHED;
            case DOCUMENT_STATE_PURGED -> DocumentState.PURGED;
            case DOCUMENT_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw Fields.invalid("state", "A state is one of active, trashed and purged.");
        };
    }
}
