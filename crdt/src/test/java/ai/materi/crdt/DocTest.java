package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocTest {
    private static Doc copy(Doc doc) {
        return Doc.of(doc.encodeState());
    }

    @Test
    void carriesEveryTypeToAnotherDocument() {
        Doc doc = new Doc(1);
        doc.text("t").insert(0, "hello", Map.of("b", true));
        doc.array("a").push(List.of(1, "two", YMap.of(Map.of("k", List.of(true)))));
        doc.map("m").set("key", YArray.of(List.of(1.5)));
        YXmlElement element = new YXmlElement("P");
        element.setAttribute("class", "x");
        element.insert(0, List.of(new YXmlText("text"), new YXmlHook("hook")));
        doc.xmlFragment("x").insert(0, List.of(element));

        Doc other = copy(doc);

        assertThat(other.text("t").toDelta()).containsExactly(new Delta.Insert("hello", Map.of("b", true)));
        assertThat(other.array("a").toJson()).isEqualTo(List.of(1, "two", Map.of("k", List.of(true))));
        assertThat(other.map("m").toJson()).isEqualTo(Map.of("key", List.of(1.5)));
        assertThat(other.xmlFragment("x")).hasToString("<p class=\"x\">text[object Object]</p>");
        assertThat(other.encodeState()).isEqualTo(doc.encodeState());
        assertThat(other.stateVector()).isEqualTo(doc.stateVector());
    }

    @Test
    void namesTheRootsThatCameWithoutBeingAskedFor() {
        Doc doc = new Doc(1);
        doc.text("t").insert(0, "x");
        doc.map("m").set("k", 1);
        doc.map("m").delete("k");

        Doc other = copy(doc);

        assertThat(other.rootNames()).containsExactlyInAnyOrder("t", "m");
        assertThat(other.rootIsEmpty("t")).isFalse();
        assertThat(other.rootIsEmpty("m")).isTrue();
        assertThat(other.rootIsEmpty("unknown")).isTrue();
        assertThatThrownBy(() -> {
                    other.text("t");
                    other.array("t");
                })
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void findsANestedTypeByItsIdAsLongAsItLives() {
        Doc doc = new Doc(7);
        YXmlElement element = new YXmlElement("p");
        doc.xmlFragment("x").insert(0, List.of(element));
        Id id = element.id();

        assertThat(id).isEqualTo(new Id(7, 0)).hasToString("7:0");
        assertThat(Id.parse("7:0")).isEqualTo(id);
        assertThat(doc.typeById(new Id(7, 0))).isSameAs(element);
        assertThat(element.parent()).isSameAs(doc.xmlFragment("x"));
        doc.xmlFragment("x").delete(0, 1);
        assertThat(doc.typeById(new Id(7, 0))).isNull();
        assertThat(doc.typeById(new Id(8, 0))).isNull();
        assertThat(element.isLive()).isFalse();
        assertThatThrownBy(() -> element.setAttribute("a", 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void announcesATransactionOnceWithItsOrigin() {
        Doc doc = new Doc(1);
        Doc other = new Doc(2);
        List<String> heard = new ArrayList<>();
        doc.onUpdate((update, origin, local) -> {
            heard.add(origin + " " + local);
            other.applyUpdate(update, "wire");
        });
        other.onUpdate((update, origin, local) -> heard.add(origin + " " + local));

        doc.transact("editor", tx -> {
            doc.text("t").insert(0, "a");
            doc.transact("ignored", inner -> doc.text("t").insert(1, "b"));
        });
        doc.transact("nothing", tx -> {});

        assertThat(heard).containsExactly("editor true", "wire false");
        assertThat(other.text("t")).hasToString("ab");
    }

    @Test
    void tellsWhichRootsATransactionChanged() {
        Doc doc = new Doc(1);
        YText nested = new YText("n");
        doc.map("m").set("text", nested);
        List<Object> changed = new ArrayList<>();
        try (Registration registration = doc.onTransaction(tx -> changed.add(tx.changedRoots()))) {
            nested.insert(0, "x");
            doc.array("a").push(List.of(1));
            assertThat(registration).isNotNull();
        }
        doc.array("a").push(List.of(2));

        assertThat(changed.toString()).isEqualTo("[[m], [a]]");
    }

    @Test
    void finishesATransactionThoughListenersFailAndEdit() {
        Doc doc = new Doc(1);
        List<byte[]> updates = new ArrayList<>();
        doc.onUpdate((update, origin, local) -> {
            updates.add(update);
            if (updates.size() == 1) {
                doc.text("t").insert(1, "!");
                throw new IllegalArgumentException("listener");
            }
        });

        assertThatThrownBy(() -> doc.text("t").insert(0, "a")).hasMessage("listener");

        assertThat(doc.text("t")).hasToString("a!");
        assertThat(updates).hasSize(2);
        Doc other = new Doc(2);
        updates.forEach(update -> other.applyUpdate(update, null));
        assertThat(other.text("t")).hasToString("a!");
    }

    @Test
    void halvesOfAPairThatWaitApartAreReplacedAsInYjs() {
        Doc first = new Doc(3);
        first.text("t").insert(0, "z");
        Doc author = copy(first);
        List<byte[]> updates = new ArrayList<>();
        author.onUpdateV2((update, origin, local) -> updates.add(update));
        author.transact(null, tx -> {
            author.text("a").insert(0, "\uD83D");
            author.text("t").insert(1, "\uDE42");
        });
        Doc doc = new Doc(4);
        doc.applyUpdateV2(updates.get(0), null);

        assertThat(doc.text("a").toString()).as("where it could be placed").isEqualTo("\uD83D");
        Doc loaded = new Doc(5);
        loaded.applyUpdateV2(doc.encodeStateV2(), null);
        assertThat(loaded.text("a").toString()).as("encoded beside what waits").isEqualTo("\uFFFD");
        doc.applyUpdate(first.encodeState(), null);
        assertThat(doc.text("t").toString()).as("where it had to wait").isEqualTo("z\uFFFD");
    }

    @Test
    void keepsWhatCannotBePlacedYetAndPassesItOn() {
        Doc author = new Doc(1);
        List<byte[]> updates = new ArrayList<>();
        author.onUpdate((update, origin, local) -> updates.add(update));
        author.text("t").insert(0, "a");
        author.text("t").insert(1, "b");
        author.text("t").delete(0, 1);
        Doc doc = new Doc(2);
        doc.applyUpdate(updates.get(2), null);
        doc.applyUpdate(updates.get(1), null);

        assertThat(doc.hasPending()).isTrue();
        assertThat(doc.pendingBytes()).isPositive();
        assertThat(doc.text("t")).hasToString("");
        Doc third = copy(doc);
        assertThat(third.hasPending()).isTrue();
        third.applyUpdate(updates.get(0), null);
        assertThat(third.text("t")).hasToString("b");
        assertThat(third.hasPending()).isFalse();
        assertThat(third.encodeState()).isEqualTo(author.encodeState());
    }

    @Test
    void takesNoMoreThanMayWaitAndPlacesTheRestWhenItComesAgain() {
        Doc author = new Doc(1);
        List<byte[]> updates = new ArrayList<>();
        author.onUpdate((update, origin, local) -> updates.add(update));
        author.text("t").insert(0, "a");
        author.text("t").insert(1, "b");
        author.text("t").insert(2, "c".repeat(200));
        Doc doc = new Doc(2);

        assertThat(doc.applyUpdate(updates.get(1), null, 10, 100)).isTrue();
        int waiting = doc.pendingBytes();
        assertThat(doc.applyUpdate(updates.get(2), null, 10, 100)).isFalse();
        assertThat(doc.pendingBytes()).isEqualTo(waiting);
        assertThat(doc.applyUpdate(updates.get(0), null, 10, 100)).isTrue();
        assertThat(doc.text("t")).hasToString("ab");
        assertThat(doc.hasPending()).isFalse();

        assertThat(doc.applyUpdate(author.encodeState(), null, 10, 100)).isTrue();
        assertThat(doc.encodeState()).isEqualTo(author.encodeState());
    }

    @Test
    void saysThatAnUpdateIsOverItsBudget() {
        Doc author = new Doc(1);
        author.text("t").insert(0, "a");
        author.text("t").insert(0, "b");
        Doc doc = new Doc(2);

        assertThatThrownBy(() -> doc.applyUpdate(author.encodeState(), null, 1))
                .isInstanceOfSatisfying(
                        MalformedUpdateException.class,
                        refused -> assertThat(refused.isOverBudget()).isTrue());
        assertThat(doc.structCount()).isZero();
    }

    @Test
    void takesAnotherClientIdWhenSomebodyElseWritesUnderItsOwn() {
        Doc impostor = new Doc(5);
        impostor.text("t").insert(0, "x");
        Doc doc = new Doc(5);

        doc.applyUpdate(impostor.encodeState(), null);

        assertThat(doc.clientId()).isNotEqualTo(5);
    }

    @Test
    void readsClientIdsOf53Bits() {
        long client = (1L << 53) - 1;
        Doc doc = new Doc(client);
        doc.text("t").insert(0, "x");

        assertThat(copy(doc).stateVector().clients()).containsExactly(client);
        assertThatThrownBy(() -> new Doc(1L << 53)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void collectsWhatWasDeleted() {
        Doc doc = new Doc(1);
        YXmlElement element = new YXmlElement("p");
        element.insert(0, List.of(new YXmlText("some text"), new YXmlElement("br")));
        doc.xmlFragment("x").insert(0, List.of(element));
        int before = doc.encodeState().length;

        doc.xmlFragment("x").delete(0, 1);

        assertThat(doc.structCount()).isEqualTo(2);
        assertThat(doc.encodeState().length).isLessThan(before);
        assertThat(doc.deleteSet().ranges(1)).containsExactly(new DeleteSet.Range(0, 12));
    }

    @Test
    void movesLiveContentTogetherWhenMostIsGarbage() {
        Doc doc = new Doc(1);
        YText text = doc.text("t");
        text.insert(0, "kept");
        for (int i = 0; i < 50; i++) {
            text.insert(2, "x".repeat(10_000));
            text.delete(2, 10_000);
        }

        assertThat(doc.estimatedBytes()).isLessThan(200_000);
        assertThat(text).hasToString("kept");
    }

    /** Many updates within the budget add up to more than it; what was stored of them must load again. */
    @Test
    void whoKeepsItMaySayWhenItsContentIsMovedTogether() {
        Doc doc = new Doc(1);
        doc.compactsWhenAsked(true);
        YText text = doc.text("text");
        text.insert(0, "kept".repeat(500_000));
        assertThat(doc.wantsCompaction()).isFalse();

        text.insert(0, "x".repeat(2_500_000));
        text.delete(0, 2_500_000);
        String content = text.toString();
        long before = doc.estimatedBytes();
        assertThat(doc.wantsCompaction()).isTrue();
        doc.compact();

        assertThat(doc.wantsCompaction()).isFalse();
        assertThat(doc.estimatedBytes()).isLessThan(before - 1_500_000);
        assertThat(text.toString()).isEqualTo(content);
        assertThat(Doc.of(doc.encodeState()).text("text").toString()).isEqualTo(content);
        doc.transact(null, tx -> assertThatThrownBy(doc::compact).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void itDoesNotWaitForEverToBeAskedToMoveItsContentTogether() {
        Doc doc = new Doc(1);
        doc.compactsWhenAsked(true);
        YText text = doc.text("text");
        text.insert(0, "kept".repeat(100_000));
        for (int i = 0; i < 100; i++) {
            text.insert(0, "x".repeat(400_000));
            text.delete(0, 400_000);
        }

        assertThat(doc.estimatedBytes()).isLessThan(4_000_000);
        assertThat(text.toString()).isEqualTo("kept".repeat(100_000));
    }

    @Test
    void loadsAStateOfMoreStructsThanOneUpdateMayHave() {
        Doc doc = new Doc(1);
        doc.transact(null, tx -> {
            for (int i = 0; i <= StructCursor.DEFAULT_BUDGET; i++) {
                doc.text("text").insert(0, "a");
            }
        });
        byte[] state = doc.encodeState();

        assertThat(Doc.of(state).structCount()).isGreaterThan(StructCursor.DEFAULT_BUDGET);
        assertThat(Doc.of(state, 2).encodeState()).isEqualTo(state);
        assertThatThrownBy(() -> new Doc(3).applyUpdate(state, null)).isInstanceOf(MalformedUpdateException.class);
    }

    @Test
    void stopsWhereAnUpdatePassesTooManyNeighboursAndGoesOnWhenItComesAgain() {
        Doc low = written(1);
        byte[] high = written(10_000).encodeState();
        Doc whole = Doc.of(low.encodeState());
        whole.applyUpdate(high, null);

        int stops = 0;
        while (!low.applyUpdate(high, null, 1_000, Integer.MAX_VALUE)) {
            assertThat(low.pendingBytes()).isZero();
            stops++;
        }

        assertThat(stops).isBetween(10, 40);
        assertThat(low.encodeState()).isEqualTo(whole.encodeState());
    }

    /** A thousand clients, with ids from this one on, who each write at the same place. */
    private static Doc written(int firstClient) {
        Doc doc = new Doc();
        for (int client = firstClient; client < firstClient + 1_000; client++) {
            Doc author = new Doc(client);
            author.text("t").insert(0, "a");
            doc.applyUpdate(author.encodeState(), null);
        }
        return doc;
    }
}
