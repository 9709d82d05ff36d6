package ai.materi.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UndoManagerTest {
    private final Doc doc = new Doc(1);
    private final YText text = doc.text("t");
    private final YMap map = doc.map("m");
    private long now = 1_000;

    private UndoManager manager() {
        return UndoManager.builder(List.of(text, map)).clock(() -> now).build();
    }

    private void later() {
        now += 500;
    }

    @Test
    void undoesAndRedoesInsertionsAndDeletions() {
        UndoManager manager = manager();
        text.insert(0, "hello");
        later();
        text.delete(1, 3);

        manager.undo();
        assertThat(text).hasToString("hello");
        manager.undo();
        assertThat(text).hasToString("");
        assertThat(manager.canUndo()).isFalse();
        manager.redo();
        manager.redo();
        assertThat(text).hasToString("ho");
        assertThat(manager.canRedo()).isFalse();
        assertThat(manager.redo()).isNull();
    }

    @Test
    void makesOneStepOfWhatComesWithinTheCaptureTimeout() {
        UndoManager manager = manager();
        text.insert(0, "a");
        now += 499;
        text.insert(1, "b");
        now += 500;
        text.insert(2, "c");
        manager.stopCapturing();
        text.insert(3, "d");

        assertThat(manager.undoStack()).hasSize(3);
        manager.undo();
        manager.undo();
        assertThat(text).hasToString("ab");
    }

    @Test
    void leavesAloneWhatOthersDid() {
        UndoManager manager = manager();
        text.insert(0, "mine");
        Doc other = Doc.of(doc.encodeState());
        other.text("t").insert(2, "-theirs-");
        doc.applyUpdate(other.encodeState(), "socket");

        manager.undo();

        assertThat(text).hasToString("-theirs-");
    }

    @Test
    void doesNotBringAnEntryBackOverSomebodyElsesUnlessAsked() {
        UndoManager careful = manager();
        UndoManager overwriting = UndoManager.builder(List.of(map))
                .ignoreRemoteMapChanges(true)
                .clock(() -> now)
                .build();
        map.set("k", "first");
        later();
        map.set("k", "second");
        Doc other = Doc.of(doc.encodeState());
        other.map("m").set("k", "theirs");
        doc.applyUpdate(other.encodeState(), "socket");

        careful.undo();
        assertThat(map.get("k")).isEqualTo("theirs");
        overwriting.undo();
        assertThat(map.get("k")).isEqualTo("first");
    }

    @Test
    void bringsADeletedTreeBackAsItWas() {
        YXmlFragment root = doc.xmlFragment("x");
        YXmlElement paragraph = new YXmlElement("p");
        paragraph.setAttribute("class", "c");
        paragraph.push(List.of(new YXmlText("text")));
        root.push(List.of(paragraph));
        UndoManager manager = UndoManager.builder(List.of(root)).build();
        root.delete(0, 1);

        manager.undo();

        assertThat(root).hasToString("<p class=\"c\">text</p>");
        assertThat(root.child(0)).isNotSameAs(paragraph);
        assertThat(Doc.of(doc.encodeState()).xmlFragment("x")).hasToString("<p class=\"c\">text</p>");
    }

    @Test
    void tracksTheOriginsItIsToldAbout() {
        UndoManager manager = UndoManager.builder(doc)
                .trackedOrigins(Set.of("editor", Integer.class))
                .captureTimeout(0)
                .build();
        doc.transact(null, tx -> text.insert(0, "0"));
        doc.transact("editor", tx -> text.insert(1, "1"));
        doc.transact(7, tx -> text.insert(2, "2"));
        manager.removeTrackedOrigin("editor");
        doc.transact("editor", tx -> text.insert(3, "3"));

        manager.undo();
        manager.undo();

        assertThat(text).hasToString("03");
    }

    @Test
    void deletesOnlyWhatTheFilterLetsGo() {
        UndoManager manager = UndoManager.builder(List.of(map))
                .deleteFilter(deletion -> !"kept".equals(deletion.key()))
                .build();
        map.set("kept", 1);
        map.set("gone", 2);

        manager.undo();

        assertThat(map.toMap()).isEqualTo(Map.of("kept", 1));
    }

    @Test
    void keepsTheContentOfWhatAStepDeletedAndOfNothingElse() {
        map.set("m", "outside of every step");
        map.delete("m");
        text.insert(0, "kept");
        try (UndoManager manager = manager()) {
            text.delete(0, 4);
            assertThat(manager.canUndo()).isTrue();
        }

        List<Struct.Kind> kinds = new ArrayList<>();
        Updates.decode(doc.encodeState(), struct -> kinds.add(struct.kind()));

        assertThat(kinds).containsExactly(Struct.Kind.DELETED, Struct.Kind.TEXT);
    }

    @Test
    void collectsWhatAStepKeptOnceItIsForgottenAndWhatIsAroundItGoes() {
        YText inner = new YText("inner text");
        map.set("inner", inner);
        UndoManager manager = manager();
        inner.delete(0, 10);
        manager.clear();
        manager.close();

        map.delete("inner");

        List<Struct.Kind> kinds = new ArrayList<>();
        Updates.decode(doc.encodeState(), struct -> kinds.add(struct.kind()));
        assertThat(kinds).containsExactly(Struct.Kind.DELETED, Struct.Kind.GC);
    }

    @Test
    void tellsWhatHappensToItsStacks() {
        UndoManager manager = manager();
        List<String> seen = new ArrayList<>();
        manager.onStackChange(event -> seen.add(event.getClass().getSimpleName()));
        manager.onStackChange(event -> {
            if (event instanceof StackEvent.Added added) {
                added.item().meta().put("cursor", 7);
            }
        });
        text.insert(0, "a");
        text.insert(1, "b");

        StackItem undone = manager.undo();
        text.insert(0, "c");

        assertThat(undone).isNotNull();
        assertThat(undone.meta()).containsEntry("cursor", 7);
        assertThat(seen).containsExactly("Added", "Updated", "Added", "Popped", "Cleared", "Added");
    }

    @Test
    void followsAPositionToWhatCameBack() {
        text.insert(0, "one two");
        UndoManager manager = manager();
        RelativePosition position = RelativePosition.create(text, 5, 0);
        text.delete(3, 4);
        manager.undo();
        text.insert(0, "> ");

        RelativePosition.Found found = position.resolve(doc);

        assertThat(found).isNotNull();
        assertThat(found.index()).isEqualTo(7);
    }

    @Test
    void listensNoMoreOnceClosed() {
        UndoManager manager = manager();
        manager.close();
        manager.close();
        text.insert(0, "a");

        assertThat(manager.canUndo()).isFalse();
    }

    @Test
    void refusesAScopeOfNothingAndTypesOfAnotherDocument() {
        UndoManager manager = manager();

        assertThatThrownBy(() -> UndoManager.builder(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> manager.addToScope(new Doc(2).text("t"))).isInstanceOf(IllegalArgumentException.class);
    }
}
