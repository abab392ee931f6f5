package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.world.Api;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often a start and a stop go to the database, as PostgreSQL counts it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class StatementsIT {

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    private Sql sql;
    private String organization;

    @BeforeEach
    void warm() throws SQLException {
        sql = new Sql(dataSource);
        world.reset();
        sql.execute("create extension if not exists pg_stat_statements");
        organization = Api.organization("Company A");
        // sessions are open, statements prepared
        Api.start(organization).then().statusCode(200);
        Api.stop(organization).then().statusCode(200);
        world.awaitReady(3);
    }

    @Test
    void aStartTakesRedeemsAndReadsTheOrganizationInOneStatementEach() throws SQLException {
        forget();
        Api.start(organization).then().statusCode(200);
        assertThat(calls("insert into allocation")).isOne();
        assertThat(calls("for no key update")).as("the lock is part of it").isOne();
        assertThat(calls("set handshake_token_hash = null, gateway_token_hash"))
                .as("redeemed")
                .isOne();
        assertThat(calls("json_agg")).as("what the gateway has to know").isOne();
        assertThat(calls("1_0.")).as("entities").isZero();
    }

    @Test
    void aGatewaysStopEndsItsTenancyInOneStatement() throws SQLException {
        Api.start(organization).then().statusCode(200);
        forget();
        Api.stop(organization).then().statusCode(200);
        assertThat(calls("from allocation a left join gateway g on g.id = a.gateway_id where a.gateway_token_hash"))
                .isZero();
    }

    private void forget() throws SQLException {
        sql.execute("do $$ begin perform pg_stat_statements_reset(); end $$");
    }

    private int calls(String part) {
        return Integer.parseInt(sql.value("select coalesce(sum(calls), 0) from pg_stat_statements"
                + " where query like '%" + part + "%' and query not like '%pg_stat_statements%'"));
    }
}
