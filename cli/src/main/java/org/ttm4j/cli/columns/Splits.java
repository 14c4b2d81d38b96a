package org.ttm4j.cli.columns;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.eval.protocol.EvaluationProtocol;
import org.ttm4j.eval.protocol.Split;

/** The options for the split of a series in time, which are the same in all commands that have them. */
public final class Splits {
    public static final Option PROTOCOL = new Option("--protocol", "NAME",
            "etth, ettm: 12, 4 and 4 months; ratio: 70, 10 and 20 % (default: by file name)");
    public static final Option SPLIT = new Option("--split", "A,B,C",
            "shares of the rows to train, validate and test, instead of --protocol");

    private static final Map<String, EvaluationProtocol> KNOWN = Map.of("etth1", EvaluationProtocol.ETTH, "etth2",
            EvaluationProtocol.ETTH, "ettm1", EvaluationProtocol.ETTM, "ettm2", EvaluationProtocol.ETTM);

    private Splits() {}

    /** The rule that the options give, or the one that is usual for the name of the file. */
    public static Split.Rule of(Arguments arguments, Path file) throws UsageException {
        List<String> shares = arguments.list(SPLIT.name());
        if (arguments.text(PROTOCOL.name()) != null && !shares.isEmpty()) {
            throw new UsageException("--split and --protocol exclude each other");
        }
        return shares.isEmpty()
                ? arguments.choice(PROTOCOL.name(), usual(Input.stem(file)), EvaluationProtocol.class)
                : shares(shares);
    }

    /** The rule that is usual for a data set, by the {@linkplain Input#stem stem} of the file name. */
    public static EvaluationProtocol usual(String stem) {
        return KNOWN.getOrDefault(stem.toLowerCase(Locale.ROOT), EvaluationProtocol.RATIO);
    }

    private static Split.Rule shares(List<String> shares) throws UsageException {
        if (shares.size() != 3) throw new UsageException("--split: expected three shares, found " + shares.size());
        try {
            return new Split.Shares(Double.parseDouble(shares.get(0)), Double.parseDouble(shares.get(1)),
                    Double.parseDouble(shares.get(2)));
        } catch (NumberFormatException e) {
            throw new UsageException(
                    "--split: expected three numbers, found " + Printable.quoted(String.join(",", shares)));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--split: " + e.getMessage());
        }
    }
}
