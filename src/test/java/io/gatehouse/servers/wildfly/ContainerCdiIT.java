package io.gatehouse.servers.wildfly;

import io.gatehouse.servers.ContainerCdi;
import io.gatehouse.servers.OnServer;

/** CDI on WildFly. */
@OnServer
class ContainerCdiIT extends ContainerCdi {}
