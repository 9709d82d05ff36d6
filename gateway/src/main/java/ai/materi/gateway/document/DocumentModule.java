package ai.materi.gateway.document;

import ai.materi.gateway.http.Budgets;
import ai.materi.gateway.http.Endpoint;
import ai.materi.platform.events.Outbox;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.http.Degradation;
import ai.materi.platform.node.Workers;
import ai.materi.platform.postgres.Database;
import ai.materi.proto.document.v1.DocumentService;
import ai.materi.proto.document.v1.DocumentServiceGrpcService;
import java.util.List;
import java.util.stream.Stream;

/** Everything about documents, built on one database and the contracts of the other modules. */
public final class DocumentModule {
    private final List<Endpoint> endpoints;
    private final DocumentContract contract;

    /** Builds the parts on {@code database} as the role {@code materi_api}. */
    public DocumentModule(
            Database database,
            Outbox outbox,
            Services services,
            Budgets budgets,
            Degradation degradation,
            Workers.Pool workers) {
        DocumentEvents events = new DocumentEvents(outbox);
        Documents documents = new Documents(database, events);
        Trash trash = new Trash(database, events, services);
        Creation creation = new Creation(services, documents);
        Workspaces workspaces = new Workspaces(services);
        contract = new DocumentContract(documents, creation, workspaces, degradation);
        endpoints = Stream.of(
                        new DocumentEndpoints(documents, creation, trash, workspaces, budgets).endpoints(),
                        new ContentEndpoints(services).endpoints(),
                        new VersionEndpoints(services).endpoints(),
                        new HistoryEndpoints(services, workers).endpoints(),
                        new GrantEndpoints(services).endpoints(),
                        new LinkEndpoints(services).endpoints())
                .flatMap(List::stream)
                .toList();
    }

    public List<Endpoint> endpoints() {
        return endpoints;
    }

    /** Offers {@code materi.document.v1} to this node and to others. */
    public void offerTo(Services services) {
        services.offer(DocumentService.class, contract, DocumentServiceGrpcService.of(contract));
    }
}
