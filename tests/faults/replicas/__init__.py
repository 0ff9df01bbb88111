"""What stands around several replicas: the database's server and the road to it, and the balancer before them."""
