package ai.materi.collab.service;

import ai.materi.collab.access.Gate;
import ai.materi.collab.content.Format;
import ai.materi.collab.document.Admission;
import ai.materi.collab.document.DocumentName;
import ai.materi.collab.history.Author;
import ai.materi.collab.history.Authors;
import ai.materi.collab.history.HistorySettings;
import ai.materi.collab.history.Sessions;
import ai.materi.collab.log.LogTables;
import ai.materi.collab.room.Loops;
import ai.materi.collab.room.Rooms;
import ai.materi.collab.stream.Aside;
import ai.materi.collab.stream.SyncStreams;
import ai.materi.collab.version.VersionTables;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.http.Degradation;
import ai.materi.platform.http.Degradation.Feature;
import ai.materi.platform.node.Node;
import ai.materi.platform.node.Workers;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.ApplyEditsRequest;
import ai.materi.proto.collab.v1.ApplyUpdateRequest;
import ai.materi.proto.collab.v1.Attribution;
import ai.materi.proto.collab.v1.BeginWritingRequest;
import ai.materi.proto.collab.v1.BlockList;
import ai.materi.proto.collab.v1.Change;
import ai.materi.proto.collab.v1.CollabService;
import ai.materi.proto.collab.v1.CollabServiceGrpcService;
import ai.materi.proto.collab.v1.CollabServiceService;
import ai.materi.proto.collab.v1.CompareVersionsRequest;
import ai.materi.proto.collab.v1.Comparison;
import ai.materi.proto.collab.v1.Content;
import ai.materi.proto.collab.v1.CreateVersionRequest;
import ai.materi.proto.collab.v1.DeleteVersionReply;
import ai.materi.proto.collab.v1.DeleteVersionRequest;
import ai.materi.proto.collab.v1.EndWritingRequest;
import ai.materi.proto.collab.v1.GetAttributionRequest;
import ai.materi.proto.collab.v1.GetContentRequest;
import ai.materi.proto.collab.v1.GetStateRequest;
import ai.materi.proto.collab.v1.GetVersionContentRequest;
import ai.materi.proto.collab.v1.GetVersionRequest;
import ai.materi.proto.collab.v1.ListBlocksRequest;
import ai.materi.proto.collab.v1.ListSessionsRequest;
import ai.materi.proto.collab.v1.ListVersionsRequest;
import ai.materi.proto.collab.v1.RenameVersionRequest;
import ai.materi.proto.collab.v1.ReplaceContentRequest;
import ai.materi.proto.collab.v1.RestoreReply;
import ai.materi.proto.collab.v1.RestoreVersionRequest;
import ai.materi.proto.collab.v1.SessionPage;
import ai.materi.proto.collab.v1.SetPresenceReply;
import ai.materi.proto.collab.v1.SetPresenceRequest;
import ai.materi.proto.collab.v1.State;
import ai.materi.proto.collab.v1.SubscribeRequest;
import ai.materi.proto.collab.v1.SyncReply;
import ai.materi.proto.collab.v1.SyncRequest;
import ai.materi.proto.collab.v1.UpdateEncoding;
import ai.materi.proto.collab.v1.Version;
import ai.materi.proto.collab.v1.VersionPage;
import ai.materi.proto.collab.v1.WriteReply;
import ai.materi.proto.collab.v1.WriteTextRequest;
import io.vertx.core.Future;
import io.vertx.core.streams.ReadStream;
import java.util.UUID;
import java.util.function.Function;

/**
 * CollabService: parses what was asked, asks whether the present level of service offers it and Shield whether the caller
 * may, and hands over to the parts. Answers arrive in
 * the context of the call.
 */
public final class CollabContract extends CollabServiceService {
    private static final int MAX_EDITS = 1_000;
    private static final int MAX_CONTENT = 32 * 1024 * 1024;

    private final Degradation degradation;
    private final Gate gate;
    private final Reading reading;
    private final Writing writing;
    private final Subscriptions subscriptions;
    private final SyncStreams streams;
    private final Agents agents;
    private final Versions versions;
    private final Restoring restoring;
    private final Attributing attributing;
    private final Comparisons comparisons;
    private final Activity activity;
    private final Authors authors;

    /** Offers the contract on a node. */
    public static CollabContract offer(Node node, Parts parts) {
        Renderings renderings = new Renderings(parts.settings());
        Versions versions = new Versions(parts.rooms(), parts.workers(), renderings, parts.versions());
        AtOnce atOnce = new AtOnce(parts.history().atOnce());
        Attributing attributing = new Attributing(
                parts.rooms(), parts.workers(), parts.tables(), parts.authors(), parts.history(), atOnce);
        CollabContract contract = new CollabContract(
                node.degradation(),
                parts.gate(),
                new Reading(parts.rooms(), parts.workers(), renderings),
                new Writing(parts.rooms(), parts.workers(), renderings, parts.streams()),
                new Subscriptions(parts.loops(), parts.rooms(), parts.tables(), parts.settings()),
                parts.streams(),
                new Agents(node.vertx(), parts.gate(), parts.rooms(), parts.authors(), parts.settings()),
                versions,
                new Restoring(parts.rooms(), parts.workers(), versions),
                attributing,
                new Comparisons(
                        parts.rooms(),
                        parts.workers(),
                        versions,
                        attributing,
                        parts.authors(),
                        atOnce,
                        parts.history().ranges()),
                new Activity(parts.sessions(), parts.authors()),
                parts.authors());
        node.services().offer(CollabService.class, contract, CollabServiceGrpcService.of(contract));
        contract.agents.start();
        return contract;
    }

    /** What it works with. */
    public record Parts(
            Gate gate,
            Rooms rooms,
            Loops loops,
            LogTables tables,
            VersionTables versions,
            Authors authors,
            Sessions sessions,
            SyncStreams streams,
            Workers.Pool workers,
            ServiceSettings settings,
            HistorySettings history) {}

    /** Ends what runs by itself. */
    public void stop() {
        agents.stop();
    }

    private CollabContract(
            Degradation degradation,
            Gate gate,
            Reading reading,
            Writing writing,
            Subscriptions subscriptions,
            SyncStreams streams,
            Agents agents,
            Versions versions,
            Restoring restoring,
            Attributing attributing,
            Comparisons comparisons,
            Activity activity,
            Authors authors) {
        this.degradation = degradation;
        this.gate = gate;
        this.reading = reading;
        this.writing = writing;
        this.subscriptions = subscriptions;
        this.streams = streams;
        this.agents = agents;
        this.versions = versions;
        this.restoring = restoring;
        this.attributing = attributing;
        this.comparisons = comparisons;
        this.activity = activity;
        this.authors = authors;
    }

    @Override
    public Future<Content> getContent(GetContentRequest request) {
        Format format = Format.of(request.getFormat());
        return reading(
                request.getDocumentId(), admission -> reading.content(admission, format, request.getIfNoneMatch()));
    }

    @Override
    public Future<BlockList> listBlocks(ListBlocksRequest request) {
        return reading(request.getDocumentId(), reading::blocks);
    }

    @Override
    public Future<State> getState(GetStateRequest request) {
        return reading(request.getDocumentId(), admission -> reading.state(admission, request.getStateVector()));
    }

    @Override
    public Future<WriteReply> replaceContent(ReplaceContentRequest request) {
        Format format = Format.of(request.getFormat());
        byte[] target = bounded(request.getContent().toByteArray());
        return switch (request.getPreconditionCase()) {
            case IF_MATCH ->
                writing(
                        request.getDocumentId(),
                        (admission, author) ->
                                writing.replaceStrictly(admission, author, format, target, request.getIfMatch()));
            case BASE ->
                writing(
                        request.getDocumentId(),
                        (admission, author) -> writing.merge(admission, author, format, target, request.getBase()));
            case INITIAL ->
                writing(
                        request.getDocumentId(),
                        (admission, author) -> writing.replaceInitially(admission, author, format, target));
            case PRECONDITION_NOT_SET ->
                Future.failedFuture(Problem.of(
                        ProblemCode.PRECONDITION_REQUIRED, "Say which version this is to replace, or be merged with."));
        };
    }

    @Override
    public Future<WriteReply> applyEdits(ApplyEditsRequest request) {
        int count = request.getEditsCount();
        if (count < 1 || count > MAX_EDITS) {
            return Future.failedFuture(
                    Problem.of(ProblemCode.INVALID_FIELD, "There must be 1 to " + MAX_EDITS + " edits."));
        }
        String ifMatch = request.getIfMatch().isEmpty() ? null : request.getIfMatch();
        return writing(
                request.getDocumentId(),
                (admission, author) -> writing.edit(admission, author, request.getEditsList(), ifMatch));
    }

    @Override
    public Future<WriteReply> applyUpdate(ApplyUpdateRequest request) {
        byte[] update = bounded(request.getUpdate().toByteArray());
        boolean v2 = request.getEncoding() == UpdateEncoding.UPDATE_ENCODING_V2;
        if (request.getEncoding() == UpdateEncoding.UNRECOGNIZED) {
            throw Problem.of(ProblemCode.UNSUPPORTED_FORMAT, "There is no such encoding of updates.");
        }
        return writing(
                request.getDocumentId(),
                (admission, author) -> writing.encoded(update, v2)
                        .compose(v1 -> request.getStreamId().isEmpty()
                                ? writing.apply(admission, author, v1)
                                : writing.aside(new Aside(
                                        Aside.Kind.UPDATE,
                                        request.getStreamId(),
                                        admission.documentId(),
                                        author,
                                        v1))));
    }

    @Override
    public Future<ReadStream<SyncReply>> sync(ReadStream<SyncRequest> requests) {
        degradation.require(Feature.READ);
        return Hop.back(() -> streams.open(requests));
    }

    @Override
    public Future<SetPresenceReply> setPresence(SetPresenceRequest request) {
        byte[] presence = request.getPresence().toByteArray();
        return reading(
                request.getDocumentId(),
                admission -> streams.presence(new Aside(
                                Aside.Kind.PRESENCE,
                                request.getStreamId(),
                                admission.documentId(),
                                CallContext.current().requirePrincipal().userId(),
                                presence))
                        .map(SetPresenceReply.getDefaultInstance()));
    }

    @Override
    public Future<ReadStream<Change>> subscribe(SubscribeRequest request) {
        return reading(
                request.getDocumentId(),
                admission -> subscriptions.open(admission, CallContext.current(), request.getAfterSequence()));
    }

    @Override
    public Future<ai.materi.proto.collab.v1.Writing> beginWriting(BeginWritingRequest request) {
        degradation.require(Feature.EDIT);
        return Hop.back(() -> gate.admitCaller(document(request.getDocumentId()), true)
                .compose(admission ->
                        agents.begin(admission, CallContext.current().requirePrincipal(), request)));
    }

    @Override
    public Future<WriteReply> writeText(WriteTextRequest request) {
        degradation.require(Feature.EDIT);
        return Hop.back(() ->
                agents.write(CallContext.current().requirePrincipal(), request.getWritingId(), request.getText()));
    }

    @Override
    public Future<WriteReply> endWriting(EndWritingRequest request) {
        return Hop.back(() -> agents.end(CallContext.current().requirePrincipal(), request.getWritingId()));
    }

    @Override
    public Future<Version> createVersion(CreateVersionRequest request) {
        return writing(request.getDocumentId(), (admission, author) -> versions.create(admission, author, request));
    }

    @Override
    public Future<VersionPage> listVersions(ListVersionsRequest request) {
        return reading(
                request.getDocumentId(),
                admission -> versions.list(admission, request.getLimit(), request.getCursor()));
    }

    @Override
    public Future<Version> getVersion(GetVersionRequest request) {
        return reading(request.getDocumentId(), admission -> versions.get(admission, request.getVersionId()));
    }

    @Override
    public Future<Content> getVersionContent(GetVersionContentRequest request) {
        Format format = Format.of(request.getFormat());
        return reading(
                request.getDocumentId(),
                admission -> versions.content(admission, request.getVersionId(), format, request.getIfNoneMatch()));
    }

    @Override
    public Future<Version> renameVersion(RenameVersionRequest request) {
        return writing(
                request.getDocumentId(),
                (admission, author) -> versions.rename(admission, request.getVersionId(), request.getName()));
    }

    @Override
    public Future<DeleteVersionReply> deleteVersion(DeleteVersionRequest request) {
        return writing(
                request.getDocumentId(), (admission, author) -> versions.delete(admission, request.getVersionId()));
    }

    @Override
    public Future<RestoreReply> restoreVersion(RestoreVersionRequest request) {
        return writing(
                request.getDocumentId(),
                (admission, author) -> restoring.restore(admission, author, request.getVersionId()));
    }

    @Override
    public Future<Attribution> getAttribution(GetAttributionRequest request) {
        return reading(
                request.getDocumentId(), admission -> attributing.attribution(admission, request.getIfNoneMatch()));
    }

    @Override
    public Future<Comparison> compareVersions(CompareVersionsRequest request) {
        return reading(request.getDocumentId(), admission -> comparisons.compare(admission, request));
    }

    @Override
    public Future<SessionPage> listSessions(ListSessionsRequest request) {
        return reading(request.getDocumentId(), admission -> activity.list(admission, request));
    }

    /** A write in somebody's name. */
    private interface Write<T> {
        Future<T> by(Admission admission, UUID author);
    }

    private <T> Future<T> reading(String documentId, Function<Admission, Future<T>> work) {
        degradation.require(Feature.READ);
        return Hop.back(() -> gate.admitCaller(document(documentId), false).compose(work));
    }

    private <T> Future<T> writing(String documentId, Write<T> work) {
        degradation.require(Feature.EDIT);
        return Hop.back(() -> gate.admitCaller(document(documentId), true).compose(admission -> {
            Principal author = CallContext.current().requirePrincipal();
            return work.by(admission, author.userId())
                    .onSuccess(done -> authors.seen(admission.documentId(), Author.of(author)));
        }));
    }

    private static DocumentName document(String name) {
        DocumentName document = DocumentName.parse(name);
        if (document == null) {
            throw Problem.of(ProblemCode.NOT_FOUND, "There is no such document.");
        }
        return document;
    }

    private static byte[] bounded(byte[] content) {
        if (content.length > MAX_CONTENT) {
            throw Problem.of(ProblemCode.TOO_LARGE, "The content is larger than 32 MiB.");
        }
        return content;
    }
}
