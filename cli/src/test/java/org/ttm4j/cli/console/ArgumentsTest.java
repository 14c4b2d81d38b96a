package org.ttm4j.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.eval.protocol.EvaluationProtocol;

class ArgumentsTest {
    private static final List<Option> KNOWN = List.of(new Option("--horizon", "N", "steps"),
            new Option("--target", "A,B", "columns"), new Option("--protocol", "NAME", "which"),
            Option.flag("--json", "as JSON"), Option.repeatable("--set", "KEY=VALUE", "a key"));

    private static Arguments parse(String... words) throws UsageException {
        return Arguments.parse(List.of(words), KNOWN);
    }

    private static String refusal(String... words) {
        return assertThrows(UsageException.class, () -> {
            Arguments arguments = parse(words);
            arguments.integer("--horizon", 1, 1, 100);
            arguments.list("--target");
            arguments.choice("--protocol", null, EvaluationProtocol.class);
            arguments.operand("a file");
        }).getMessage();
    }

    @Test
    void operandsAndOptionsComeInAnyOrder() throws UsageException {
        Arguments arguments = parse("--horizon", "24", "file.csv", "--json", "--target=a, b ,c d");
        assertEquals("file.csv", arguments.operand("a file"));
        assertEquals(24, arguments.integer("--horizon", 1, 1, 100));
        assertEquals(List.of("a", "b", "c d"), arguments.list("--target"));
        assertTrue(arguments.flag("--json"));
        assertNull(arguments.text("--protocol"));
    }

    @Test
    void defaultsStandInForOptionsThatWereNotGiven() throws UsageException {
        Arguments arguments = parse("-");
        assertEquals("-", arguments.operand("a file"), "a lone dash is an operand");
        assertEquals(7, arguments.integer("--horizon", 7, 1, 100));
        assertEquals(List.of(), arguments.list("--target"));
        assertFalse(arguments.flag("--json"));
    }

    @Test
    void whatOtherProgramsCallAnOptionIsUnderstood() {
        assertEquals("unknown option -h: did you mean --horizon?", refusal("-h", "24"));
        assertFalse(Arguments.asksForHelp(List.of("file.csv", "-h", "24")));
        assertTrue(Arguments.asksForHelp(List.of("file.csv", "-h")));
        assertEquals("unknown option --columns: did you mean --target?", refusal("--columns", "a"));
    }

    @Test
    void twoDashesEndTheOptions() throws UsageException {
        assertEquals("--json", parse("--", "--json").operand("a file"));
        assertFalse(Arguments.asksForHelp(List.of("--", "--help")));
        assertTrue(Arguments.asksForHelp(List.of("file.csv", "--help")));
    }

    @Test
    void aValueMayLookLikeAnOption() throws UsageException {
        assertEquals(List.of("--json"), parse("--target", "--json").list("--target"));
        assertEquals(List.of("a=b"), parse("--target=a=b").list("--target"));
    }

    /** Columns such as {@code Load, MW} could not be named. */
    @Test
    void aCommaWithinANameHasABackslashBeforeIt() throws UsageException {
        assertEquals(List.of("Load, MW", "b\\c"), parse("--target", "Load\\, MW,b\\c").list("--target"));
    }

    @Test
    void aRepeatableOptionHasItsValuesInTheirOrder() throws UsageException {
        assertEquals(List.of("b=1", "a=2", "b=1"),
                parse("--set", "b=1", "f", "--set=a=2", "--set", "b=1").all("--set"));
        assertEquals(List.of(), parse("f").all("--set"));
    }

    @Test
    void choicesAreReadInAnyCase() throws UsageException {
        assertEquals(EvaluationProtocol.ETTM,
                parse("--protocol", "ETTm").choice("--protocol", null, EvaluationProtocol.class));
        assertEquals(EvaluationProtocol.RATIO,
                parse("f").choice("--protocol", EvaluationProtocol.RATIO, EvaluationProtocol.class));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"f --horzon 3          | unknown option --horzon: did you mean --horizon?",
            "f --zzzzzzzz          | unknown option --zzzzzzzz", //
            "f --horizon           | --horizon: expected N after it",
            "f --horizon 0         | --horizon: expected a whole number from 1 to 100, found '0'",
            "f --horizon 101       | --horizon: expected a whole number from 1 to 100, found '101'",
            "f --horizon 1e1       | --horizon: expected a whole number from 1 to 100, found '1e1'",
            "f --horizon=          | --horizon: expected a value, found none",
            "f --horizon 1 --horizon 2 | --horizon: expected it once, found it twice", //
            "f --json=yes          | --json: expected no value, found 'yes'", //
            "f --target a,,b       | --target: expected a name before and after each comma, found 'a,,b'",
            "f --protocol monthly  | --protocol: expected etth, ettm, ratio, found 'monthly'",
            "--json                | expected a file", //
            "f g                   | expected one operand, found also g"})
    void mistakesAreNamed(String line, String message) {
        assertEquals(message, refusal(line.strip().split(" ")));
    }

    @Test
    void nearestWordIsWithinAThirdOrNone() {
        List<String> words = List.of("forecast", "info", "verify", "evaluate");
        assertEquals("forecast", Arguments.nearest("forcast", words));
        assertEquals("evaluate", Arguments.nearest("evalaute", words));
        assertNull(Arguments.nearest("train", words));
        assertNull(Arguments.nearest("", words));
    }
}
