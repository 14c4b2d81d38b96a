/** The command-line program: the only module that prints or exits. */
module org.ttm4j.cli {
    requires transitive org.ttm4j.ttm;
    requires transitive org.ttm4j.data;

    exports org.ttm4j.cli;
}
