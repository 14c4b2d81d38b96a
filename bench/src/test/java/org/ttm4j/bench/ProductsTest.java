package org.ttm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProductsTest {

    /** A shape that the model lacks, or one that is missing, shows in the shapes of the weights. */
    @Test
    void shapesAreThoseOfTheModel() {
        Set<String> expected = new TreeSet<>();
        BenchModel.random().parameters().values().forEach(weight -> {
            if (weight.shape().rank() == 2) expected.add(weight.shape().dim(0) + " × " + weight.shape().dim(1));
        });
        Set<String> found = new TreeSet<>();
        for (Product product : Product.values()) {
            int out = product.isOverPatches() ? product.rows : product.columns;
            found.add(out + " × " + product.inner);
        }
        assertEquals(expected, found);
    }

    @Test
    void oneSeriesTakes15MillionOperations() {
        assertEquals(15.6e6, BenchModel.flopsPerSeries(BenchModel.random()), 0.05e6);
    }
}
