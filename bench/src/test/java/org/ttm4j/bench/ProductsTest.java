package org.ttm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProductsTest {

    /** A shape that the model lacks, or one that is missing, shows in the number of weights. */
    @Test
    void shapesAreThoseOfTheModel() {
        int expected = BenchModel.random()
                .parameters()
                .values()
                .stream()
                .filter(p -> p.shape().rank() == 2)
                .mapToInt(p -> p.shape().size())
                .sum();
        int features = Stream.of(FeatureProduct.values()).mapToInt(p -> p.layers() * p.in() * p.out()).sum();
        int patches = Stream.of(PatchProduct.values()).mapToInt(p -> PatchProduct.LAYERS * p.in() * p.out()).sum();
        assertEquals(expected, features + patches);
    }

    @Test
    void oneSeriesTakes15MillionOperations() {
        assertEquals(15.6e6, BenchModel.flopsPerSeries(), 0.05e6);
    }
}
