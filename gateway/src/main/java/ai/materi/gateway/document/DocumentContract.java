package ai.materi.gateway.document;

import ai.materi.gateway.http.Ids;
import ai.materi.platform.http.Degradation;
import ai.materi.platform.http.Degradation.Feature;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.document.v1.CreateDocumentRequest;
import ai.materi.proto.document.v1.Document;
import ai.materi.proto.document.v1.DocumentPage;
import ai.materi.proto.document.v1.DocumentServiceService;
import ai.materi.proto.document.v1.GetDocumentRequest;
import ai.materi.proto.document.v1.ListDocumentsRequest;
import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code materi.document.v1} on the same parts as the REST routes. */
final class DocumentContract extends DocumentServiceService {
    private static final int MAX_LIMIT = 100;

    private final Documents documents;
    private final Creation creation;
    private final Workspaces workspaces;
    private final Degradation degradation;

    DocumentContract(Documents documents, Creation creation, Workspaces workspaces, Degradation degradation) {
        this.documents = documents;
        this.creation = creation;
        this.workspaces = workspaces;
        this.degradation = degradation;
    }

    @Override
    public Future<Document> createDocument(CreateDocumentRequest request) {
        degradation.require(Feature.EDIT);
        NewDocument wanted = new NewDocument(
                Ids.fresh(),
                request.getWorkspace(),
                title(request.getTitle()),
                request.getParentId().isEmpty() ? null : id("parent_id", request.getParentId()),
                ContentFormat.MARKDOWN,
                request.getContent().isEmpty() ? null : ByteString.copyFromUtf8(request.getContent()));
        return creation.create(wanted).map(stored -> document(new JsonObject(stored.json())));
    }

    private static String title(String given) {
        String title = given.strip();
        int length = title.codePointCount(0, title.length());
        if (length < 1 || length > NewDocument.MAX_TITLE || title.codePoints().anyMatch(Character::isISOControl)) {
            throw invalid("title", "has 1 to " + NewDocument.MAX_TITLE + " characters on one line.");
        }
        return title;
    }

    private static UUID id(String field, String text) {
        return Ids.parse(text).orElseThrow(() -> invalid(field, "is a UUID."));
    }

    private static Problem invalid(String field, String rule) {
        return Problem.of(ProblemCode.INVALID_FIELD, "'" + field + "' " + rule);
    }

    @Override
    public Future<Document> getDocument(GetDocumentRequest request) {
        degradation.require(Feature.READ);
        UUID id = Ids.parse(request.getDocumentId()).orElseThrow(Refusals::notFound);
        return documents.read(id).map(stored -> document(new JsonObject(stored.json())));
    }

    @Override
    public Future<DocumentPage> listDocuments(ListDocumentsRequest request) {
        degradation.require(Feature.READ);
        if (request.getLimit() < 0 || request.getLimit() > MAX_LIMIT) {
            throw invalid("limit", "is 0 to " + MAX_LIMIT + ".");
        }
        Future<@Nullable UUID> workspace = request.getWorkspace().isEmpty()
                ? Future.succeededFuture()
                : workspaces.id(request.getWorkspace()).map(id -> id);
        return workspace.compose(id -> documents.list(query(request, id))).map(DocumentContract::page);
    }

    private static ListQuery query(ListDocumentsRequest request, @Nullable UUID workspace) {
        int limit = request.getLimit() == 0 ? ListQuery.DEFAULT_LIMIT : request.getLimit();
        ListQuery query = new ListQuery(workspace, null, false, request.getTrashed(), null, Position.START, limit);
        return request.getCursor().isEmpty()
                ? query
                : query.after(Position.parse(request.getCursor(), query.filters())
                        .orElseThrow(() -> invalid("cursor", "is the 'next' of a page with the same filters.")));
    }

    private static DocumentPage page(DocumentList list) {
        DocumentPage.Builder page = DocumentPage.newBuilder().setNext(list.next());
        JsonArray items = new JsonArray(list.items());
        for (int i = 0; i < items.size(); i++) {
            page.addItems(document(items.getJsonObject(i)));
        }
        return page.build();
    }

    private static Document document(JsonObject json) {
        return Document.newBuilder()
                .setId(json.getString("id"))
                .setWorkspaceId(json.getString("workspace_id"))
                .setParentId(json.getString("parent_id") == null ? "" : json.getString("parent_id"))
                .setTitle(json.getString("title"))
                .setCreatedBy(json.getString("created_by"))
                .setCreatedAt(json.getString("created_at"))
                .setUpdatedAt(json.getString("updated_at"))
                .setTrashedAt(json.getString("trashed_at") == null ? "" : json.getString("trashed_at"))
                .build();
    }
}
