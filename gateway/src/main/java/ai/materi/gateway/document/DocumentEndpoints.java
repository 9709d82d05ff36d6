package ai.materi.gateway.document;

import ai.materi.gateway.http.Access;
import ai.materi.gateway.http.BodyKind;
import ai.materi.gateway.http.Budgets;
import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/documents}: titles, places in the tree and the trash. */
final class DocumentEndpoints {
    static final String DOCUMENTS = "/api/v1/documents";
    static final String DOCUMENT = DOCUMENTS + "/{id}";

    private static final String TOP = "root";
    private static final int MAX_TITLE_FILTER = 200;

    private final Documents documents;
    private final Creation creation;
    private final Trash trash;
    private final Workspaces workspaces;
    private final Budgets budgets;

    DocumentEndpoints(Documents documents, Creation creation, Trash trash, Workspaces workspaces, Budgets budgets) {
        this.documents = documents;
        this.creation = creation;
        this.trash = trash;
        this.workspaces = workspaces;
        this.budgets = budgets;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(DOCUMENTS, this::list),
                Endpoint.post(DOCUMENTS, this::create),
                Endpoint.get(DOCUMENT, this::read).access(Access.BEARER_OR_SHARE),
                Endpoint.patch(DOCUMENT, this::change),
                Endpoint.delete(DOCUMENT, this::delete),
                Endpoint.post(DOCUMENT + "/restore", this::restore).body(BodyKind.OPTIONAL_JSON));
    }

    private Future<Reply> list(Call call) {
        @Nullable String workspace = call.query("workspace_id").orElse(null);
        Future<@Nullable UUID> id = workspace == null
                ? Future.succeededFuture()
                : workspaces.id(workspace).map(found -> found);
        return id.compose(found -> documents.list(query(call, found)).map(page -> listed(call, found, page)));
    }

    private static ListQuery query(Call call, @Nullable UUID workspace) {
        @Nullable String parent = call.query("parent_id").orElse(null);
        boolean top = TOP.equals(parent);
        @Nullable String title = call.query("q").orElse(null);
        if (title != null && title.length() > MAX_TITLE_FILTER) {
            throw call.invalidQuery("q", "'q' has at most " + MAX_TITLE_FILTER + " characters.");
        }
        ListQuery query = new ListQuery(
                workspace,
                top ? null : call.queryId("parent_id").orElse(null),
                top,
                call.queryFlag("trashed"),
                title,
                Position.START,
                call.limit());
        return call.query("cursor")
                .map(cursor -> query.after(Position.parse(cursor, query.filters())
                        .orElseThrow(() -> call.invalidQuery(
                                "cursor", "'cursor' is the 'next' of a page that was listed with the same filters."))))
                .orElse(query);
    }

    private static Reply listed(Call call, @Nullable UUID workspace, DocumentList page) {
        if (workspace != null) {
            call.belongsTo(workspace);
        }
        Buffer body = Buffer.buffer(page.items().length() + 100)
                .appendString("{\"items\":")
                .appendString(page.items())
                .appendString(",\"next\":")
                .appendString(page.next().isEmpty() ? "null" : "\"" + page.next() + "\"")
                .appendString("}");
        return Reply.of(200, Reply.JSON, body).with("cache-control", "no-store");
    }

    private Future<Reply> create(Call call) {
        NewDocument wanted = DocumentBody.creation(call);
        return budgets.workspace(call, wanted.workspace(), () -> workspaces.ofMember(wanted.workspace()))
                .compose(counted -> creation.create(wanted))
                .map(stored -> shown(call, 201, stored).with("location", DOCUMENTS + "/" + call.resourceId()));
    }

    private Future<Reply> read(Call call) {
        return documents.read(call.id("id")).map(stored -> {
            boolean known = call.tags("If-None-Match")
                    .map(tags -> tags.matchesWeakly(stored.etag()))
                    .orElse(false);
            return known ? unchanged(call, stored) : shown(call, 200, stored);
        });
    }

    private static Reply.Content shown(Call call, int status, StoredDocument stored) {
        call.belongsTo(stored.workspaceId());
        return labelled(Reply.json(status, stored.json()), stored);
    }

    private static Reply.Content unchanged(Call call, StoredDocument stored) {
        call.belongsTo(stored.workspaceId());
        return labelled(Reply.empty(304), stored);
    }

    private static Reply.Content labelled(Reply.Content reply, StoredDocument stored) {
        return reply.with("etag", "\"" + stored.etag() + "\"").with("cache-control", "private, no-cache");
    }

    private Future<Reply> change(Call call) {
        return documents.update(call.id("id"), DocumentBody.change(call)).map(stored -> shown(call, 200, stored));
    }

    private Future<Reply> delete(Call call) {
        UUID id = call.id("id");
        return (call.queryFlag("permanent") ? trash.purge(id) : trash.trash(id)).map(workspace -> {
            call.belongsTo(workspace);
            return Reply.empty(204);
        });
    }

    private Future<Reply> restore(Call call) {
        call.json().end();
        return trash.restore(call.id("id")).map(stored -> shown(call, 200, stored));
    }
}
