package io.gatehouse.servers.payara;

import io.gatehouse.servers.ContainerCdi;
import io.gatehouse.servers.OnServer;

/** CDI on Payara. */
@OnServer
class ContainerCdiIT extends ContainerCdi {}
