package ai.materi.gateway.workspace;

import static ai.materi.gateway.workspace.WorkspaceEndpoints.WORKSPACES;

import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.Fields;
import ai.materi.gateway.http.Pages;
import ai.materi.gateway.http.Reply;
import ai.materi.gateway.session.Users;
import ai.materi.platform.grpc.Services;
import ai.materi.proto.auth.v1.ListMembersRequest;
import ai.materi.proto.auth.v1.Member;
import ai.materi.proto.auth.v1.PutMemberRequest;
import ai.materi.proto.auth.v1.RemoveMemberRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code /api/v1/workspaces/{id}/members}: who belongs to a workspace, in which role. */
public final class MemberEndpoints {
    private static final String MEMBERS = WORKSPACES + "/{id}/members";
    private static final String MEMBER = MEMBERS + "/{user_id}";

    private final Services services;

    public MemberEndpoints(Services services) {
        this.services = services;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(MEMBERS, this::list),
                Endpoint.post(MEMBERS, call -> put(call, 201)),
                Endpoint.put(MEMBERS, call -> put(call, 200)),
                Endpoint.patch(MEMBER, this::changeRole),
                Endpoint.delete(MEMBER, this::remove));
    }

    private Future<Reply> list(Call call) {
        return services.auth()
                .listMembers(ListMembersRequest.newBuilder()
                        .setWorkspace(call.parameter("id"))
                        .setLimit(call.limit())
                        .setCursor(call.query("cursor").orElse(""))
                        .build())
                .map(page -> Pages.reply(page.getItemsList(), MemberEndpoints::json, page.getNext()));
    }

    private Future<Reply> put(Call call, int status) {
        Fields fields = call.json();
        Person person = Person.read(fields);
        PutMemberRequest request = PutMemberRequest.newBuilder()
                .setWorkspace(call.parameter("id"))
                .setUserId(person.userId())
                .setEmail(person.email())
                .setRole(Roles.read(fields))
                .build();
        fields.end();
        return services.auth().putMember(request).map(member -> Reply.json(status, json(member)));
    }

    private Future<Reply> changeRole(Call call) {
        Fields fields = call.json();
        PutMemberRequest request = PutMemberRequest.newBuilder()
                .setWorkspace(call.parameter("id"))
                .setUserId(call.id("user_id").toString())
                .setRole(Roles.read(fields))
                .build();
        fields.end();
        return services.auth().putMember(request).map(member -> Reply.json(200, json(member)));
    }

    private Future<Reply> remove(Call call) {
        return services.auth()
                .removeMember(RemoveMemberRequest.newBuilder()
                        .setWorkspace(call.parameter("id"))
                        .setUserId(call.id("user_id").toString())
                        .build())
                .map(removed -> Reply.empty(204));
    }

    private static JsonObject json(Member member) {
        return new JsonObject()
                .put("user", Users.json(member.getUser()))
                .put("role", Roles.word(member.getRole()))
                .put("added_at", member.getAddedAt());
    }
}
