package ai.materi.gateway.document;

import static ai.materi.gateway.document.DocumentEndpoints.DOCUMENT;

import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.Fields;
import ai.materi.gateway.http.Pages;
import ai.materi.gateway.http.Reply;
import ai.materi.gateway.session.Users;
import ai.materi.gateway.workspace.Person;
import ai.materi.gateway.workspace.Roles;
import ai.materi.platform.grpc.Services;
import ai.materi.proto.auth.v1.Grant;
import ai.materi.proto.auth.v1.ListGrantsRequest;
import ai.materi.proto.auth.v1.PutGrantRequest;
import ai.materi.proto.auth.v1.RemoveGrantRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code /api/v1/documents/{id}/grants}: who is let into one document, whatever their role in its workspace. */
final class GrantEndpoints {
    private static final String GRANTS = DOCUMENT + "/grants";
    private static final String GRANT = GRANTS + "/{user_id}";

    private final Services services;

    GrantEndpoints(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(GRANTS, this::list),
                Endpoint.put(GRANTS, this::putSomebody),
                Endpoint.put(GRANT, this::put),
                Endpoint.delete(GRANT, this::remove));
    }

    private Future<Reply> list(Call call) {
        return services.auth()
                .listGrants(ListGrantsRequest.newBuilder()
                        .setDocumentId(call.id("id").toString())
                        .setLimit(call.limit())
                        .setCursor(call.query("cursor").orElse(""))
                        .build())
                .map(page -> Pages.reply(page.getItemsList(), GrantEndpoints::json, page.getNext()));
    }

    private Future<Reply> putSomebody(Call call) {
        Fields fields = call.json();
        Person person = Person.read(fields);
        return put(call, fields, person);
    }

    private Future<Reply> put(Call call) {
        return put(call, call.json(), new Person(call.id("user_id").toString(), ""));
    }

    private Future<Reply> put(Call call, Fields fields, Person person) {
        PutGrantRequest request = PutGrantRequest.newBuilder()
                .setDocumentId(call.id("id").toString())
                .setUserId(person.userId())
                .setEmail(person.email())
                .setRole(Roles.read(fields))
                .build();
        fields.end();
        return services.auth().putGrant(request).map(grant -> Reply.json(200, json(grant)));
    }

    private Future<Reply> remove(Call call) {
        return services.auth()
                .removeGrant(RemoveGrantRequest.newBuilder()
                        .setDocumentId(call.id("id").toString())
                        .setUserId(call.id("user_id").toString())
                        .build())
                .map(removed -> Reply.empty(204));
    }

    private static JsonObject json(Grant grant) {
        return new JsonObject()
                .put("document_id", grant.getDocumentId())
                .put("user", Users.json(grant.getUser()))
                .put("role", Roles.word(grant.getRole()))
                .put("granted_at", grant.getGrantedAt());
    }
}
