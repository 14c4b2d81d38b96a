/** The command-line program: the only module that prints or exits. */
module org.ttm4j.cli {
    requires java.logging;
    requires org.ttm4j.eval;
    /** Pictures in PNG; loaded when one is drawn. */
    requires java.desktop;
    requires org.ttm4j.jdbc;
    requires org.ttm4j.serve;
}
