package org.ttm4j.eval.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.ttm.series.Rows;

class EvaluationProtocolTest {
    /** Window counts as published for 512-96. */
    @ParameterizedTest
    @CsvSource({"ETTH, 17420, 8033, 2785, 2785", "ETTH, 14400, 8033, 2785, 2785", "ETTM, 69680, 33953, 11425, 11425",
            "RATIO, 52696, 36280, 5175, 10444",})
    void windowCounts(EvaluationProtocol protocol, int rows, int train, int validation, int test) {
        Split split = protocol.split(rows, 512, 96);
        assertEquals(train, split.train().windows(512 + 96));
        assertEquals(validation, split.validation().windows(512 + 96));
        assertEquals(test, split.test().windows(512 + 96));
    }

    @Test
    void borders() {
        Split split = EvaluationProtocol.ETTH.split(17_420, 512, 96);
        assertEquals(new Rows(0, 8640), split.train());
        assertEquals(new Rows(8640 - 512, 11_520), split.validation());
        assertEquals(new Rows(11_520 - 512, 14_400), split.test());
    }

    @ParameterizedTest
    @CsvSource({"ETTH, 17420, 311", "ETTM, 69680, 1607", "RATIO, 52696, 1723"})
    void fewShotWindowsAtFivePercent(EvaluationProtocol protocol, int rows, int windows) {
        assertEquals(windows, protocol.split(rows, 512, 96).fewShot(0.05, 512).windows(512 + 96));
    }

    @Test
    void wholeShareIsAllTrainingRows() {
        Split split = EvaluationProtocol.ETTH.split(17_420, 512, 96);
        assertEquals(split.train(), split.fewShot(1, 512));
        assertThrows(IllegalArgumentException.class, () -> split.fewShot(0, 512));
        assertThrows(IllegalArgumentException.class, () -> split.fewShot(Double.NaN, 512));
    }

    @Test
    void tooShort() {
        assertMessage(EvaluationProtocol.ETTH, 14_399, "uses 14400 rows, found 14399");
        assertMessage(EvaluationProtocol.RATIO, 400, "400 rows into 280, 40 and 80");
    }

    @Test
    void sharesSplitAsTheRatioProtocol() {
        assertEquals(EvaluationProtocol.RATIO.split(52_696, 512, 96),
                new Split.Shares(.7, .1, .2).split(52_696, 512, 96));
        Split half = new Split.Shares(.5, .25, .25).split(17_379, 512, 96);
        assertEquals(new Rows(0, 8689), half.train());
        assertEquals(new Rows(8689 - 512, 17_379 - 4344), half.validation());
        assertEquals(new Rows(17_379 - 4344 - 512, 17_379), half.test());
        assertEquals("0.5,0.25,0.25", new Split.Shares(.5, .25, .25).toString());
    }

    @Test
    void sharesAddUpToOne() {
        assertThrows(IllegalArgumentException.class, () -> new Split.Shares(.7, .2, .2));
        assertThrows(IllegalArgumentException.class, () -> new Split.Shares(.8, 0, .2));
        assertThrows(IllegalArgumentException.class, () -> new Split.Shares(Double.NaN, .5, .5));
    }

    private static void assertMessage(EvaluationProtocol protocol, int rows, String part) {
        String message = assertThrows(IllegalArgumentException.class, () -> protocol.split(rows, 512, 96)).getMessage();
        assertTrue(message.contains(part), message);
    }
}
