package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.ttm4j.data.grid.CsvFixture.assertFails;
import static org.ttm4j.data.grid.CsvFixture.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts in columns of drivers. */
class CategoriesTest {
    private static final String HISTORY = "date,y,promo,price\n2024-01-01,1,no,3\n2024-01-02,2,yes,4\n2024-01-03,3,NA,3\n"
            + "2024-01-05,4,no,3\n";

    @Test
    void textsAreTheSameNumbersInAHistoryAndItsFuture(@TempDir Path folder) throws IOException {
        Categories categories = new Categories(List.of("promo", "price"));
        CsvOptions options = CsvOptions.defaults().withCategories(categories);
        CsvFile history = read(HISTORY, options);
        double nan = Double.NaN;
        assertArrayEquals(new double[]{0, 1, nan, nan, 0}, history.series().get(0).doubleChannel(1));
        assertArrayEquals(new double[]{3, 4, 3, nan, 3}, history.series().get(0).doubleChannel(2));
        assertEquals(List.of("no", "yes"), categories.texts("promo"));
        assertFalse(categories.areTexts("price"));
        Path file = folder.resolve("future.csv");
        Files.writeString(file, "date,promo,price\n2024-01-06,yes,3\n2024-01-07,maybe,3\n");
        CsvFile future = CsvReader.readFuture(file, options.withTargets(List.of("promo", "price")), history.series());
        assertArrayEquals(new double[]{1, 2}, future.series().get(0).doubleChannel(0));
        assertEquals(List.of("no", "yes", "maybe"), categories.texts("promo"), "the caller sees what is new");
    }

    /** Of numbers, none is a missing one. */
    @Test
    void aTextThatMayMeanMissingIsATextWhereOthersFollow() throws IOException {
        Categories categories = new Categories(List.of("promo", "price"));
        CsvFile file = read(
                "date,y,promo,price\n2024-01-01,1,none,none\n2024-01-02,2,sale,4\n2024-01-03,3,none,unknown\n",
                CsvOptions.defaults().withCategories(categories));
        assertEquals(List.of("none", "sale"), categories.texts("promo"));
        assertArrayEquals(new double[]{0, 1, 0}, file.series().get(0).doubleChannel(1));
        assertArrayEquals(new double[]{Double.NaN, 4, Double.NaN}, file.series().get(0).doubleChannel(2));
    }

    @Test
    void textsInOtherColumnsAreNone() {
        assertFails(HISTORY, CsvOptions.defaults().withTargets(List.of("y", "promo")), "promo",
                "expected a number, found 'no'");
        assertFails("date,y,price\n2024-01-01,1,3\n2024-01-02,2,much\n",
                CsvOptions.defaults().withCategories(new Categories(List.of("price"))),
                "expected a number, found 'much'");
    }
}
