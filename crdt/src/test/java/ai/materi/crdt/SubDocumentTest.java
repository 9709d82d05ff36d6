package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubDocumentTest {
    private final Doc doc = new Doc(1);
    private final List<SubDocumentsEvent> heard = new ArrayList<>();

    private SubDocument put(String key, String guid) {
        SubDocument sub = new SubDocument(guid, Map.of());
        doc.map("m").set(key, sub);
        return sub;
    }

    @Test
    void isTheSameInstanceWhereverItIsRead() {
        SubDocument sub = put("k", "guid");
        SubDocument second = new SubDocument("second", Map.of());
        doc.array("a").push(List.of(1, YMap.of(Map.of("inner", second)), 2));

        assertThat(doc.map("m").get("k")).isSameAs(sub);
        assertThat(((YMap) doc.array("a").get(1)).get("inner")).isSameAs(second);
        assertThat(doc.subDocuments()).containsExactly(sub, second);
        assertThat(doc.subDocumentGuids()).containsExactly("guid", "second");
        assertThat(sub.parent()).isSameAs(doc);
        assertThat(sub.doc()).isSameAs(sub.doc());
        assertThat(sub.doc().clientId()).isEqualTo(1);
    }

    @Test
    void isInsertedOnce() {
        SubDocument sub = put("k", "guid");

        assertThatThrownBy(() -> doc.map("m").set("again", sub)).isInstanceOf(IllegalArgumentException.class);

        assertThat(doc.map("m").has("again")).isFalse();
    }

    @Test
    void asksForItsContentOnce() {
        put("k", "guid");
        Doc other = Doc.of(doc.encodeState());
        other.onSubDocuments(heard::add);
        SubDocument received = other.subDocuments().iterator().next();
        assertThat(received.shouldLoad()).isFalse();

        received.load();
        received.load();

        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).loaded()).containsExactly(received);
        assertThat(heard.get(0).added()).isEmpty();
    }

    @Test
    void isToBeLoadedWhereItIsReceivedWhenItsAuthorSaysSo() {
        doc.map("m").set("k", new SubDocument("guid", Map.of("autoLoad", true, "meta", Map.of("title", "T"))));
        Doc other = new Doc(2);
        other.onSubDocuments(heard::add);

        other.applyUpdate(doc.encodeState(), "wire");

        SubDocument received = (SubDocument) other.map("m").get("k");
        assertThat(received.meta()).isEqualTo(Map.of("title", "T"));
        assertThat(heard.get(0).loaded()).containsExactly(received);
        assertThat(heard.get(0).added()).containsExactly(received);
        assertThat(heard.get(0).transaction().origin()).isEqualTo("wire");
    }

    @Test
    void givesWayToANewInstanceWhenItIsDestroyed() {
        SubDocument sub = put("k", "guid");
        sub.doc().text("t").insert(0, "content");
        List<byte[]> updates = new ArrayList<>();
        sub.doc().onUpdate((update, origin, local) -> updates.add(update));
        List<SubDocument> destroyed = new ArrayList<>();
        sub.onDestroy(destroyed::add);
        doc.onSubDocuments(heard::add);

        sub.destroy();
        sub.doc().text("t").insert(0, "unheard");

        SubDocument fresh = (SubDocument) doc.map("m").get("k");
        assertThat(fresh).isNotSameAs(sub);
        assertThat(fresh.guid()).isEqualTo("guid");
        assertThat(fresh.shouldLoad()).isFalse();
        assertThat(fresh.doc().text("t")).hasToString("");
        assertThat(destroyed).containsExactly(sub);
        assertThat(updates).isEmpty();
        assertThat(sub.isDestroyed()).isTrue();
        assertThat(sub.parent()).isNull();
        assertThat(heard.get(0).added()).containsExactly(fresh);
        assertThat(heard.get(0).removed()).containsExactly(sub);
    }

    @Test
    void goesWithTheTypeAroundIt() {
        SubDocument sub = new SubDocument("guid", Map.of());
        doc.map("m").set("around", YArray.of(List.of(YMap.of(Map.of("deep", sub)))));
        doc.onSubDocuments(heard::add);

        doc.map("m").delete("around");

        assertThat(heard.get(0).removed()).containsExactly(sub);
        assertThat(sub.isDestroyed()).isTrue();
        assertThat(doc.subDocuments()).isEmpty();
    }

    @Test
    void destroysThoseInsideItHoweverDeepTheyNest() {
        SubDocument outermost = put("k", "0");
        List<String> destroyed = new ArrayList<>();
        SubDocument around = outermost;
        for (int depth = 1; depth <= 5_000; depth++) {
            SubDocument inside = new SubDocument(Integer.toString(depth), Map.of());
            inside.onDestroy(gone -> destroyed.add(gone.guid()));
            around.doc().map("m").set("k", inside);
            around = inside;
        }

        outermost.destroy();

        assertThat(destroyed).hasSize(5_000).startsWith("5000", "4999").endsWith("2", "1");
    }

    @Test
    void mayBeInsideItself() {
        SubDocument circle = new SubDocument("guid", Map.of());
        circle.doc().map("m").set("self", circle);

        circle.destroy();

        assertThat(circle.doc().subDocuments()).hasSize(1).doesNotContain(circle);
    }

    @Test
    void refusesAMetaThatTheFormatCannotCarry() {
        assertThatThrownBy(() -> new SubDocument("guid", Map.of("meta", new Object())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void costsLittleUntilItsContentIsAskedFor() {
        ByteWriter update = new ByteWriter();
        update.varUint(1);
        update.varUint(100_000);
        update.varUint(7);
        update.varUint(0);
        for (int i = 0; i < 100_000; i++) {
            update.bytes(new byte[] {Items.DOC, 1, 1, 'r', 0, 118, 0});
        }
        update.u8(0);

        Doc received = Doc.of(update.toByteArray());

        assertThat(received.subDocuments()).hasSize(100_000);
        assertThat(received.subDocumentGuids()).containsExactly("");
    }
}
