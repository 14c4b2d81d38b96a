package org.ttm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;
import org.ttm4j.bench.jmh.ProductBenchmark;

class ProductsTest {

    /** A shape that the model lacks, or one that is missing, shows in the shapes of the weights. */
    @Test
    void shapesAreThoseOfTheModel() throws NoSuchFieldException {
        Set<String> expected = new TreeSet<>();
        BenchModel.random().parameters().values().forEach(weight -> {
            if (weight.shape().rank() == 2) expected.add(weight.shape().dim(0) + " × " + weight.shape().dim(1));
        });
        Set<String> found = new TreeSet<>();
        for (String product : ProductBenchmark.class.getField("product").getAnnotation(Param.class).value()) {
            String[] sizes = product.split("[ x]");
            found.add(sizes[product.startsWith("patches") ? 1 : 3] + " × " + sizes[2]);
        }
        assertEquals(expected, found);
    }

    @Test
    void oneSeriesTakes15MillionOperations() {
        assertEquals(15.6e6, BenchModel.flopsPerSeries(BenchModel.random()), 0.05e6);
    }
}
