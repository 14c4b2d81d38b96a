package org.ttm4j.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.jdbc.QueryRows.FetchSize;

class FetchSizeTest {
    /** The sizes of so many fetches, of rows with these cells. */
    private static List<Integer> sizes(FetchSize fetch, int count, int cells, int characters) {
        return IntStream.range(0, count).map(i -> {
            int rows = fetch.rows();
            do {
                for (int cell = 0; cell < cells; cell++) fetch.add(characters);
            } while (!fetch.endsBeforeNextRow());
            return rows;
        }).boxed().toList();
    }

    /** The first row comes after a call too, as in a loop over all rows. */
    private static FetchSize beforeFirstRow() {
        FetchSize fetch = new FetchSize();
        fetch.endsBeforeNextRow();
        return fetch;
    }

    @Test
    void shortRowsAreFetchedTwiceAsManyEachTime() {
        assertEquals(List.of(100, 200, 400, 800, 1600, 3200, 5000, 5000), sizes(beforeFirstRow(), 8, 3, 20));
    }

    /** A hundred cells of a thousand characters are a row of a hundred thousand. */
    @Test
    void theCellsOfARowCountTogether() {
        assertEquals(List.of(100, 10, 10), sizes(beforeFirstRow(), 3, 100, 1000));
        assertEquals(List.of(100, 1, 1), sizes(beforeFirstRow(), 3, 1, 2_000_000));
    }

    /** Where long rows come after short ones, no more come at once than twice as many as there were short ones. */
    @Test
    void longRowsAfterShortOnesAreFew() {
        FetchSize fetch = beforeFirstRow();
        sizes(fetch, 1, 3, 20);
        assertEquals(List.of(200, 10, 10), sizes(fetch, 3, 10, 10_000));
    }
}
