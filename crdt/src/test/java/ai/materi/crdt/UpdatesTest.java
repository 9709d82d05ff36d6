package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpdatesTest {
    private final Doc doc = new Doc(1);
    private final List<byte[]> updates = new ArrayList<>();

    UpdatesTest() {
        doc.onUpdate((update, origin, local) -> updates.add(update));
        doc.text("t").insert(0, "abc");
        doc.text("t").insert(3, "def");
        doc.text("t").delete(1, 2);
    }

    @Test
    void mergesUpdatesWithoutADocument() {
        byte[] merged = Updates.merge(List.of(updates.get(2), updates.get(1), updates.get(0)));

        assertThat(Doc.of(merged).text("t")).hasToString("adef");
        assertThat(Updates.merge(List.of(merged, merged))).isEqualTo(merged);
        assertThat(Updates.merge(List.of())).containsExactly(0, 0);
    }

    @Test
    void fillsHolesWithSkips() {
        byte[] merged = Updates.merge(List.of(updates.get(0), tail()));

        assertThat(Updates.stateVectorOf(merged).get(1)).isEqualTo(3);
        assertThat(Updates.meta(merged).inserted().get(1L))
                .containsExactly(new DeleteSet.Range(0, 3), new DeleteSet.Range(5, 1));
        Doc other = Doc.of(merged);
        assertThat(other.hasPending()).isTrue();
        other.applyUpdate(updates.get(1), null);
        assertThat(other.hasPending()).isFalse();
    }

    /** The last unit alone. */
    private byte[] tail() {
        return Updates.diff(updates.get(1), StateVector.of(Map.of(1L, 5L)));
    }

    @Test
    void cutsWhatIsKnownOffAnUpdate() {
        byte[] diff = Updates.diff(doc.encodeState(), StateVector.of(Map.of(1L, 4L)));

        assertThat(Updates.meta(diff).inserted()).isEqualTo(Map.of(1L, List.of(new DeleteSet.Range(4, 2))));
        assertThat(Updates.meta(diff).deleted().ranges(1)).containsExactly(new DeleteSet.Range(1, 2));
        Doc other = Doc.of(updates.get(0));
        other.applyUpdate(tail(), null);
        assertThat(other.hasPending()).isTrue();
    }

    @Test
    void cutsARunOfDeletedEntriesToTheBytesOfYjs() {
        Doc author = new Doc(1);
        for (int value = 1; value <= 3; value++) {
            author.map("m").set("k", value);
        }
        StateVector known = StateVector.of(Map.of(1L, 1L));

        assertThat(HexFormat.of().formatHex(Updates.diff(author.encodeState(), known)))
                .isEqualTo("01020101a1010001880101017d030101010002");
        assertThat(HexFormat.of().formatHex(Updates.diffV2(author.encodeStateV2(), known)))
                .isEqualTo("00000241010200020003a10088010000000241000102017d030101010001");
    }

    @Test
    void aHalfOfAPairThatIsLeftByACutMayMeetAnotherInFormatV2AsInYjs() {
        Doc author = new Doc(1);
        author.text("u").insert(0, "🙂!");
        Doc other = new Doc(2);
        other.text("t").insert(0, "\uD83D");
        other.applyUpdate(author.encodeState(), null);
        StateVector known = StateVector.of(Map.of(1L, 1L));

        assertThat(HexFormat.of().formatHex(other.encodeStateSinceV2(known)))
                .isEqualTo("000003024100010000030400840a0674f09f99822141000201010000020100010100");
        assertThat(HexFormat.of().formatHex(other.encodeStateSince(known)))
                .isEqualTo("020102000401017403efbfbd01010184010004efbfbd2100");
        assertThat(HexFormat.of().formatHex(Updates.diffV2(other.encodeStateV2(), known)))
                .isEqualTo("000003024100010000030400840c0874efbfbdefbfbd2141000201010000020100010100");
    }

    @Test
    void tellsRangesForAttribution() {
        List<String> seen = new ArrayList<>();
        Updates.forEachStruct(updates.get(1), (client, clock, length) -> seen.add(client + ":" + clock + "+" + length));
        Updates.forEachDeletion(
                updates.get(2), (client, clock, length) -> seen.add(client + ":" + clock + "-" + length));

        assertThat(seen).containsExactly("1:3+3", "1:1-2");
        assertThat(Updates.isEmpty(updates.get(2))).isFalse();
        assertThat(Updates.isEmpty(new Doc().encodeState())).isTrue();
    }

    @Test
    void dropsTheKeyFlagBesideAnOriginAsYjsDoes() {
        Doc map = new Doc(3);
        map.map("m").set("k", 1);
        map.map("m").set("k", 2);
        byte[] state = map.encodeState();

        byte[] copied = Updates.diff(state, StateVector.EMPTY);

        assertThat(copied).isNotEqualTo(state);
        assertThat(Doc.of(copied).encodeState()).isEqualTo(state);
    }

    @Test
    void mergesManyUpdatesInOrder() {
        Doc author = new Doc(9);
        List<byte[]> many = new ArrayList<>();
        author.onUpdate((update, origin, local) -> many.add(update));
        for (int i = 0; i < 5_000; i++) {
            author.text("t").insert(i / 2, "x");
        }

        byte[] merged = Updates.merge(many);

        assertThat(Doc.of(merged).encodeState()).isEqualTo(author.encodeState());
    }

    @Test
    void stateVectorsAndDeleteSetsReadTheirOwnBytes() {
        StateVector vector = doc.stateVector();
        DeleteSet deletes = doc.deleteSet();

        assertThat(StateVector.decode(vector.encode())).isEqualTo(vector).hasSameHashCodeAs(vector);
        assertThat(DeleteSet.decode(deletes.encode())).isEqualTo(deletes).hasSameHashCodeAs(deletes);
        assertThat(vector.contains(StateVector.EMPTY)).isTrue();
        assertThat(StateVector.EMPTY.contains(vector)).isFalse();
        assertThat(deletes.contains(new Id(1, 2))).isTrue();
        assertThat(deletes.contains(new Id(1, 3))).isFalse();
        assertThatThrownBy(() -> StateVector.decode(new byte[] {1})).isInstanceOf(MalformedUpdateException.class);
    }
}
