package org.ttm4j.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.fixtures.Promise;

/** The keys of {@code bin/bench --json}, with peers and without. */
class JsonPromiseTest {
    @Test
    void theKeysStay() throws IOException {
        List<String> documents = new ArrayList<>();
        for (double other : new double[]{1, Double.NaN}) {
            Map<Measure, Measure.Result> ratios = new EnumMap<>(Measure.class);
            for (Measure measure : Measure.values()) ratios.put(measure, new Measure.Result(1, other));
            documents.add(Report.json(new Comparison.Outcome(ratios, 1, Set.of())));
        }
        Promise.hold("json", Promise.keys(documents));
    }
}
