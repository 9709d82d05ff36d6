package ai.materi.collab.room;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.frame.Messages;
import ai.materi.collab.frame.Withheld;
import ai.materi.crdt.Doc;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.YText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A reader that is sent only some of the updates, and then the difference from what it is known to have. */
class MissedTest {
    private static final int HISTORIES = 60;
    private static final int EDITS = 300;

    @Test
    void aDifferenceFromWhereTheMissedEditsBeginBringsAllOfThem() {
        long seed = System.nanoTime();
        for (int history = 0; history < HISTORIES; history++) {
            play(new Random(seed + history), "seed " + (seed + history));
        }
    }

    /** Three authors who hear of each other late; the reader misses stretches of what the room tells. */
    private static void play(Random random, String seed) {
        Doc room = new Doc();
        Doc reader = new Doc();
        List<Doc> authors = List.of(new Doc(), new Doc(), new Doc());
        Deque<byte[]> told = new ArrayDeque<>();
        room.onUpdate((update, origin, local) -> told.add(update));
        Missed missed = null;
        for (int i = 0; i < EDITS; i++) {
            Doc author = authors.get(random.nextInt(authors.size()));
            List<byte[]> edit = new ArrayList<>();
            var heard = author.onUpdate((update, origin, local) -> edit.add(update));
            write(author.text("content"), random);
            heard.close();
            edit.forEach(update -> room.applyUpdate(update, null));
            if (random.nextInt(8) == 0) {
                author.applyUpdate(room.encodeState(), null);
            }
            if (random.nextInt(20) == 0) {
                missed = missed == null ? new Missed() : catchUp(room, reader, missed, told);
            }
            while (!told.isEmpty()) {
                byte[] update = told.remove();
                if (missed == null) {
                    reader.applyUpdate(update, null);
                } else {
                    missed.add(Withheld.of(Messages.syncUpdate(update)));
                }
            }
        }
        if (missed != null) {
            catchUp(room, reader, missed, told);
        }

        assertThat(reader.encodeState()).as(seed).isEqualTo(room.encodeState());
    }

    /** What is told in this moment goes to the reader first, as it may on a socket. */
    private static @Nullable Missed catchUp(Doc room, Doc reader, Missed missed, Deque<byte[]> told) {
        byte[] difference = room.encodeStateSince(missed.known(room.stateVector()));
        told.forEach(update -> reader.applyUpdate(update, null));
        told.clear();
        reader.applyUpdate(difference, null);
        return null;
    }

    private static void write(YText text, Random random) {
        int length = text.length();
        if (length > 4 && random.nextInt(3) == 0) {
            text.delete(random.nextInt(length - 2), 1 + random.nextInt(2));
        } else {
            text.insert(random.nextInt(length + 1), "x".repeat(1 + random.nextInt(5)));
        }
    }

    @Test
    void whoMissedTooManyAuthorsHasNothing() {
        Doc many = new Doc();
        for (int client = 1; client <= 10_001; client++) {
            Doc author = new Doc(client);
            author.map("m").set("k" + client, true);
            many.applyUpdate(author.encodeState(), null);
        }
        Missed missed = new Missed();

        missed.add(Withheld.of(Messages.syncStep2(many.encodeState())));

        assertThat(missed.known(many.stateVector())).isEqualTo(StateVector.EMPTY);
        assertThat(missed.answer()).isTrue();
    }
}
