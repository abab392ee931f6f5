package dev.ganymede.faults;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Looks into the environment's database; every question on a connection of its own, since the server is restarted at will. */
final class Database {

    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final String url;

    Database(Environment environment) {
        this.url = "jdbc:" + environment.get("GANYMEDE_DB_URL") + "?user=" + environment.get("GANYMEDE_DB_USER")
                + "&password=" + environment.get("GANYMEDE_DB_PASSWORD") + "&loginTimeout=5&socketTimeout=10";
    }

    <T> List<T> query(String sql, Row<T> reader) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    long count(String sql) {
        return query(sql, row -> row.getLong(1)).get(0);
    }
}
