package ai.materi.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.IssueTicketRequest;
import ai.materi.proto.auth.v1.LogoutRequest;
import ai.materi.proto.auth.v1.Principal;
import ai.materi.proto.auth.v1.RedeemTicketRequest;
import ai.materi.proto.auth.v1.Ticket;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketsTest {
    private static ShieldHost shield;

    private Person ada;
    private UUID document = new UUID(0, 0);

    @BeforeAll
    static void start() {
        shield = ShieldHost.start(Map.of("auth.ticket_ttl", "6s"));
    }

    @AfterAll
    static void stop() {
        shield.close();
    }

    @BeforeEach
    void write() {
        ada = shield.person("ada");
        document = shield.document(ada, shield.workspace(ada));
    }

    @Test
    void namesWhoeverATicketWasIssuedToAsOftenAsASocketReconnects() {
        Ticket ticket = issue();
        assertThat(ticket.getExpiresIn()).isEqualTo(6);
        for (int i = 0; i < 3; i++) {
            Principal principal = shield.call(auth -> auth.redeemTicket(redemption(ticket, document)));
            assertThat(principal.getUserId()).isEqualTo(ada.idText());
            assertThat(principal.getSessionId())
                    .isEqualTo(ada.principal().sessionId().toString());
            assertThat(principal.getName()).isEqualTo(ada.principal().name());
            assertThat(Instant.ofEpochMilli(principal.getExpiresAtMs()))
                    .isBefore(Instant.now().plusSeconds(7));
        }
    }

    @Test
    void isGoodForNoOtherDocument() {
        Ticket ticket = issue();
        UUID other = shield.document(ada, shield.workspace(ada));
        assertThat(shield.refusal(auth -> auth.redeemTicket(redemption(ticket, other)))
                        .code())
                .isEqualTo(ProblemCode.INVALID_TOKEN);
    }

    @Test
    void isGoodForAShortTimeOnly() {
        Ticket ticket = issue();
        Await.until(
                "the ticket has expired",
                () -> shield.settled(auth -> auth.redeemTicket(redemption(ticket, document)))
                        .failed());
        assertThat(shield.refusal(auth -> auth.redeemTicket(redemption(ticket, document)))
                        .code())
                .isEqualTo(ProblemCode.INVALID_TOKEN);
    }

    @Test
    void endsWithItsSession() {
        Ticket ticket = issue();
        shield.as(ada, auth -> auth.logout(LogoutRequest.getDefaultInstance()));
        assertThat(shield.refusal(auth -> auth.redeemTicket(redemption(ticket, document)))
                        .code())
                .isEqualTo(ProblemCode.INVALID_TOKEN);
    }

    @Test
    void isIssuedForADocumentThatTheCallerMayReadOnly() {
        Person stranger = shield.person("stranger");
        assertThat(shield.refusalAs(stranger, auth -> auth.issueTicket(request()))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(shield.refusal(auth -> auth.issueTicket(request())).code()).isEqualTo(ProblemCode.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "mtk_", "mtk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "*", "mtk_\r\nFLUSHALL\r\n"})
    void refusesATicketThatItNeverGave(String ticket) {
        RedeemTicketRequest request = RedeemTicketRequest.newBuilder()
                .setTicket(ticket)
                .setDocumentId(document.toString())
                .build();
        assertThat(shield.refusal(auth -> auth.redeemTicket(request)).code()).isEqualTo(ProblemCode.INVALID_TOKEN);
    }

    private Ticket issue() {
        return shield.as(ada, auth -> auth.issueTicket(request()));
    }

    private IssueTicketRequest request() {
        return IssueTicketRequest.newBuilder()
                .setDocumentId(document.toString())
                .build();
    }

    private static RedeemTicketRequest redemption(Ticket ticket, UUID document) {
        return RedeemTicketRequest.newBuilder()
                .setTicket(ticket.getTicket())
                .setDocumentId(document.toString())
                .build();
    }
}
