package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.Node;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.document.v1.CreateDocumentRequest;
import ai.materi.proto.document.v1.Document;
import ai.materi.proto.document.v1.DocumentPage;
import ai.materi.proto.document.v1.DocumentService;
import ai.materi.proto.document.v1.GetDocumentRequest;
import ai.materi.proto.document.v1.ListDocumentsRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DocumentContractTest {
    private static Stand stand;

    @BeforeAll
    static void start() {
        stand = Stand.start(Map.of());
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    /** On behalf of whoever has the token, in a context like that of a door. */
    private static <T> Future<T> as(String token, Function<DocumentService, Future<T>> call) {
        Node node = stand.test().node();
        Promise<T> answer = Promise.promise();
        node.vertx()
                .runOnContext(run -> node.identity()
                        .verify(token)
                        .compose(principal -> CallContext.anonymous("test", null)
                                .as(principal, token)
                                .call(() -> call.apply(node.services().documents())))
                        .onComplete(answer));
        return answer.future();
    }

    private static ProblemCode refusal(String token, Function<DocumentService, Future<?>> call) {
        return ((Problem) Await.failure(as(token, service -> call.apply(service).map(done -> done)))).code();
    }

    @Test
    void createsReadsAndListsAsTheRestInterfaceDoes() {
        Document made = Await.result(as(
                stand.token("ada"),
                service -> service.createDocument(CreateDocumentRequest.newBuilder()
                        .setTitle("Over gRPC")
                        .setWorkspace("demo")
                        .setContent("Hello")
                        .build())));

        Document read = Await.result(as(
                stand.token("bob"),
                service -> service.getDocument(GetDocumentRequest.newBuilder()
                        .setDocumentId(made.getId())
                        .build())));
        DocumentPage page = Await.result(as(
                stand.token("bob"),
                service -> service.listDocuments(
                        ListDocumentsRequest.newBuilder().setWorkspace("demo").build())));

        assertThat(read).isEqualTo(made);
        assertThat(page.getItemsList()).contains(made);
        assertThat(stand.relay().text(made.getId()).content().toStringUtf8()).isEqualTo("Hello");
        assertThat(stand.as("ada", "GET", "/api/v1/documents/" + made.getId(), null)
                        .json()
                        .getString("title"))
                .isEqualTo("Over gRPC");
    }

    @Test
    void pagesWithACursor() {
        stand.document("One");
        stand.document("Two");
        ListDocumentsRequest first =
                ListDocumentsRequest.newBuilder().setLimit(1).build();

        DocumentPage page = Await.result(as(stand.token("ada"), service -> service.listDocuments(first)));
        DocumentPage next = Await.result(as(
                stand.token("ada"),
                service -> service.listDocuments(
                        first.toBuilder().setCursor(page.getNext()).build())));

        assertThat(page.getItems(0).getTitle()).isEqualTo("Two");
        assertThat(next.getItems(0).getTitle()).isEqualTo("One");
    }

    @Test
    void refusesWhatTheRestInterfaceRefuses() {
        String ada = stand.token("ada");
        String id = stand.document("Hidden");

        assertThat(refusal(
                        ada,
                        s -> s.createDocument(CreateDocumentRequest.newBuilder()
                                .setWorkspace("demo")
                                .build())))
                .isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(refusal(
                        ada,
                        s -> s.createDocument(CreateDocumentRequest.newBuilder()
                                .setTitle("t")
                                .setWorkspace("demo")
                                .setParentId("x")
                                .build())))
                .isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(refusal(
                        ada,
                        s -> s.getDocument(GetDocumentRequest.newBuilder()
                                .setDocumentId("x")
                                .build())))
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(refusal(
                        ada,
                        s -> s.listDocuments(
                                ListDocumentsRequest.newBuilder().setLimit(101).build())))
                .isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(refusal(
                        ada,
                        s -> s.listDocuments(
                                ListDocumentsRequest.newBuilder().setCursor("x").build())))
                .isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(refusal(
                        stand.stranger(),
                        s -> s.getDocument(GetDocumentRequest.newBuilder()
                                .setDocumentId(id)
                                .build())))
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(refusal(
                        ada,
                        s -> s.getDocument(GetDocumentRequest.newBuilder()
                                .setDocumentId(UUID.randomUUID().toString())
                                .build())))
                .isEqualTo(ProblemCode.NOT_FOUND);
    }
}
