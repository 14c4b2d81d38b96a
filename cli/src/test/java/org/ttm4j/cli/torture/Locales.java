package org.ttm4j.cli.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The same forecast, report and help in many locales, time zones and default charsets: {@code bin/torture locales}. What
 * is printed and written for the sample must be the same as in the plain locale, in UTC and in UTF-8.
 */
final class Locales {
    private static final String PLAIN = "-Duser.language=en -Duser.country=US -Duser.timezone=UTC -Dfile.encoding=UTF-8";
    private static final List<String> FLAGS = List.of(
            "-Duser.language=hi -Duser.country=IN -Duser.extensions=u-nu-deva", "-Duser.language=tr -Duser.country=TR",
            "-Duser.language=ar -Duser.country=EG", "-Duser.language=de -Duser.country=DE",
            "-Duser.language=th -Duser.country=TH -Duser.extensions=u-ca-buddhist",
            "-Duser.language=lt -Duser.country=LT", "-Duser.timezone=America/St_Johns",
            "-Duser.timezone=Asia/Kathmandu", "-Duser.timezone=Pacific/Apia", "-Duser.timezone=Africa/Casablanca",
            "-Dfile.encoding=COMPAT -Dsun.jnu.encoding=ANSI_X3.4-1968", "-Dfile.encoding=ISO-8859-1",
            "-Dfile.encoding=UTF-16");
    private static final int SHORT = 4;

    private final String classPath;
    private final Path home;

    private Locales(String classPath, Path home) {
        this.classPath = classPath;
        this.home = home;
    }

    /** Arguments: the class path of the program, the folder of the project, and {@code --short} for every fourth. */
    public static void main(String[] arguments) throws Exception {
        boolean all = arguments.length < 3;
        System.exit(allAreTheSame(arguments[0], Path.of(arguments[1]), all ? 1 : SHORT) ? 0 : 1);
    }

    /** Prints a row for each of every so many flags; whether all write what the plain ones do. */
    static boolean allAreTheSame(String classPath, Path home, int step) throws Exception {
        Locales locales = new Locales(classPath, home);
        Map<String, String> expected = locales.written(PLAIN);
        System.out.println("| flags | the same |\n|---|---|");
        boolean same = true;
        for (int i = 0; i < FLAGS.size(); i += step) {
            Map<String, String> found = locales.written(FLAGS.get(i));
            List<String> different = expected.keySet()
                    .stream()
                    .filter(name -> !expected.get(name).equals(found.get(name)))
                    .toList();
            System.out.println("| " + FLAGS.get(i) + " | " + (different.isEmpty() ? "yes" : "not " + different) + " |");
            same &= different.isEmpty();
        }
        return same;
    }

    /** What some commands print and write with some flags, without the times that they took. */
    private Map<String, String> written(String flags) throws Exception {
        Path folder = Files.createTempDirectory("locales");
        try {
            String load = Files.readAllLines(home.resolve("data/samples/hourly-load.csv"))
                    .stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.replace("load_kw", "load").replaceAll("^([^,]*,[^,]*).*", "$1\n"))
                    .collect(Collectors.joining());
            Files.writeString(folder.resolve("load.csv"), load);
            ProgramProcess program = new ProgramProcess(classPath, folder, ProgramProcess.QUICK)
                    .withFlags(List.of(flags.split(" ")));
            String model = home.resolve("forecast/src/test/resources/compatibility/0.2.0/model").toString();
            Map<String, String> written = new TreeMap<>();
            for (List<String> command : List.of(List.of("forecast", "load.csv", "--plot", "picture.svg"),
                    List.of("backtest", "load.csv", "--model", model, "--stride", "200", "--html", "report.html"),
                    List.of("forecast", "--help"))) {
                ProgramProcess.Run run = program.run(command);
                written.put(command.toString(), run.code() + run.out() + run.err());
            }
            for (String file : List.of("picture.svg", "report.html")) {
                written.put(file, Files.readString(folder.resolve(file)));
            }
            written.replaceAll((name, text) -> text.replaceAll("[0-9.]+ (s|ms|windows a second)", ""));
            return written;
        } finally {
            ProgramProcess.delete(folder);
        }
    }
}
