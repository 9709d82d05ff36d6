package ai.materi.crdt;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** What happens to some peers, one operation after the other. The seed decides who they are. */
record History(long seed, List<Operation> operations) {
    /** The random history of a seed. */
    static History of(long seed) {
        SplittableRandom random = new SplittableRandom(~seed);
        Setting setting = Setting.of(seed);
        Operation.Kind last = setting.undoes() ? Operation.Kind.MANAGE : Operation.Kind.RELOAD;
        Set<Operation.Kind> kinds = EnumSet.range(Operation.Kind.EDIT, last);
        List<Operation> operations = new ArrayList<>();
        for (int left = 50 + random.nextInt(350); left > 0; left--) {
            int peer = random.nextInt(setting.peers());
            operations.add(new Operation(kind(random, kinds), peer, random.nextLong(), 1 + random.nextInt(4)));
        }
        return new History(seed, operations);
    }

    private static Operation.Kind kind(SplittableRandom random, Set<Operation.Kind> kinds) {
        int roll = random.nextInt(kinds.stream().mapToInt(kind -> kind.weight).sum());
        for (Operation.Kind kind : kinds) {
            roll -= kind.weight;
            if (roll < 0) {
                return kind;
            }
        }
        throw new IllegalStateException();
    }

    History with(List<Operation> others) {
        return new History(seed, others);
    }
}
