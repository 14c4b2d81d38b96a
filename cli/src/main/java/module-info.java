/** The command-line program: the only module that prints or exits. */
module org.ttm4j.cli {
    requires java.logging;
    requires org.ttm4j.eval;
    requires org.ttm4j.serve;
}
