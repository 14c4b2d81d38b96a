package org.ttm4j.data.grid;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Counts the repairs while a file is read. Not thread-safe. */
final class RepairLog {
    private static final int EXAMPLES = 3;

    private final Map<RepairReport.Kind, Entry> entries = new EnumMap<>(RepairReport.Kind.class);

    /** Counts repairs. The text of the example is made only for the first few; null for no example. */
    void add(RepairReport.Kind kind, long count, Supplier<String> example) {
        Entry entry = entries.computeIfAbsent(kind, k -> new Entry());
        entry.count += count;
        if (example != null && entry.examples.size() < EXAMPLES) entry.examples.add(example.get());
    }

    void addAll(RepairLog other) {
        other.entries.forEach((kind, more) -> {
            add(kind, more.count, null);
            List<String> examples = entries.get(kind).examples;
            examples.addAll(more.examples.subList(0, Math.min(more.examples.size(), EXAMPLES - examples.size())));
        });
    }

    /** Offers a case of a kind, such as a gap. The report names the one with the largest size. */
    void extreme(RepairReport.Kind kind, long size, Supplier<String> detail) {
        Entry entry = entries.computeIfAbsent(kind, k -> new Entry());
        if (size > entry.extreme) {
            entry.extreme = size;
            entry.detail = detail.get();
        }
    }

    RepairReport report() {
        List<RepairReport.Repair> repairs = new ArrayList<>();
        entries.forEach((kind, entry) -> repairs
                .add(new RepairReport.Repair(kind, entry.count, entry.detail, List.copyOf(entry.examples))));
        return new RepairReport(repairs);
    }

    private static final class Entry {
        private long count;
        private long extreme;
        private String detail = "";
        private final List<String> examples = new ArrayList<>();
    }
}
