-- A schema as unkind as SQLite allows, for the tests of app/models/inspection.
CREATE TABLE 部门 (代码 varchar(10) NOT NULL PRIMARY KEY, 名称 varchar(60), 上级 varchar(10) REFERENCES 部门);
CREATE TABLE "order" ("select" varchar(20), "from" varchar(20), "where" int, PRIMARY KEY ("select", "from"));
CREATE TABLE "quote`""'d name. %s :x" ("a b" integer PRIMARY KEY AUTOINCREMENT, "c`d""e'f" varchar(5) NOT NULL UNIQUE, "A-B" int);
CREATE TABLE UPPER (ID integer PRIMARY KEY, Name varchar(10));
CREATE TABLE line (number int PRIMARY KEY, "select" varchar(20), "from" varchar(20), dept varchar(10) REFERENCES 部门 (代码),
  CONSTRAINT composite FOREIGN KEY ("select", "from") REFERENCES "order");
CREATE TABLE dangling (id integer PRIMARY KEY, other int REFERENCES nowhere);
CREATE TABLE no_key (a int, b int);
CREATE TABLE unique_key (a int UNIQUE, b varchar(10) NOT NULL, c int NOT NULL, d int NOT NULL, UNIQUE (c, d), UNIQUE (b));
CREATE UNIQUE INDEX some_rows ON unique_key (d) WHERE a > 0;
CREATE UNIQUE INDEX small_letters ON unique_key (lower(b));
CREATE TABLE gaps_only (a int UNIQUE);
CREATE TABLE binary_key (id blob PRIMARY KEY, name varchar(10));
CREATE TABLE without_number (id integer PRIMARY KEY, name text) WITHOUT ROWID;
CREATE TABLE kinds (
  id integer PRIMARY KEY, none, i int, big "unsigned big int", t tinyint(1), bo boolean, bi bit,
  n numeric, d decimal(10,2), mo money, r real, f float, dbl "double precision",
  dt date, dtm datetime, ts timestamp, tm time, c char(3), v varchar(50), vc "character varying(70)", nv nvarchar(100), vlong varchar(2000), vany varchar, tx text, cl clob, st string,
  bl blob, vb varbinary(10), js json, u uuid, p point, iv interval, geo geometry, own "my own type (1, x)",
  ck varchar(10) CHECK (ck IN ('优', '良', 'it''s')), ck2 int CONSTRAINT "CHECK (" CHECK (ck2 > 0 AND ')' <> '('), -- CHECK (no)
  gv int GENERATED ALWAYS AS (i + 1), gs int AS (i + 2) STORED, df varchar(10) DEFAULT 'x', dnow datetime DEFAULT current_timestamp);
CREATE TABLE sd_mine (id integer PRIMARY KEY);
CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
CREATE VIRTUAL TABLE search USING fts5(title, body);
CREATE VIEW people AS SELECT 代码, 名称, 1 + 1 AS two FROM 部门;
CREATE TABLE gone (x int);
CREATE VIEW broken AS SELECT x FROM gone;
DROP TABLE gone;
