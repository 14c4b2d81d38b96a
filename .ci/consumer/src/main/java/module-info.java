module consumer {
    // For the name of the kernels that this program prints.
    requires org.ttm4j.engine;
    requires org.ttm4j.forecast;
}
