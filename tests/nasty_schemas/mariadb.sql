-- A schema as unkind as MariaDB allows, for the tests of app/models/inspection.
CREATE TABLE 部门 (代码 varchar(10) NOT NULL COMMENT '部门代码（三位）', 名称 varchar(60) COMMENT '部门名称：全称',
  上级 varchar(10), PRIMARY KEY (代码), CONSTRAINT 上级部门 FOREIGN KEY (上级) REFERENCES 部门 (代码))
  COMMENT='部门表（全院）';
CREATE TABLE `order` (`select` varchar(20) NOT NULL, `from` varchar(20) NOT NULL, `where` int,
  PRIMARY KEY (`select`, `from`));
CREATE TABLE `quote``"'d name. %s :x` (`a b` int NOT NULL AUTO_INCREMENT PRIMARY KEY, `c``d"e'f` varchar(5) NOT NULL,
  `A-B` int, UNIQUE KEY `k``1` (`c``d"e'f`)) ;
CREATE TABLE UPPER (ID int PRIMARY KEY, Name varchar(10));
CREATE TABLE line (number int PRIMARY KEY, `select` varchar(20), `from` varchar(20), dept varchar(10),
  CONSTRAINT composite FOREIGN KEY (`select`, `from`) REFERENCES `order` (`select`, `from`),
  FOREIGN KEY (dept) REFERENCES 部门 (代码));
CREATE TABLE no_key (a int, b int);
CREATE TABLE unique_key (a int, b varchar(10) NOT NULL, c int NOT NULL, d int NOT NULL, UNIQUE (a), UNIQUE (c, d), UNIQUE (b));
CREATE TABLE gaps_only (a int, UNIQUE (a));
CREATE TABLE prefix_only (a varchar(300) NOT NULL, UNIQUE (a(20)));
CREATE TABLE binary_key (id binary(16) PRIMARY KEY, name varchar(10));
CREATE TABLE kinds (
  id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  t1 tinyint(1), t4 tinyint(4), tu tinyint unsigned, s smallint, su smallint unsigned, m mediumint, i int, iu int unsigned zerofill, b bigint,
  dmax decimal(65,30), d decimal(10,2) unsigned, n numeric, f float, f2 float(7,4), dbl double, r real,
  b1 bit(1), b8 bit(8), y year, dt date, dtm datetime(6), ts timestamp NULL, tm time,
  c char(3), c0 char(0), v varchar(50), vlong varchar(2000), tt tinytext, tx text, mt mediumtext, lt longtext, latin varchar(9) CHARACTER SET latin1,
  bin binary(4), vb varbinary(9), tb tinyblob, bl blob, mb mediumblob, lb longblob,
  e enum('男','女','it''s','a\\b','c,d)','') NOT NULL DEFAULT '男', st set('甲','乙','丙'), js json,
  g geometry, p point, po polygon, ip inet6, u uuid,
  ck varchar(10) CHECK (ck IN ('优','良','it''s')), ck2 int CHECK (ck2 > 0),
  gv int AS (i + 1) VIRTUAL, gs int AS (i + 2) STORED,
  df varchar(10) DEFAULT 'x', dnow datetime DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  CONSTRAINT several CHECK (i > 0 AND s < 5));
CREATE TABLE sd_mine (id int PRIMARY KEY);
CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
CREATE SEQUENCE counter;
CREATE VIEW people AS SELECT 代码, 名称 FROM 部门;
CREATE TABLE gone (x int);
CREATE VIEW broken AS SELECT x FROM gone;
DROP TABLE gone;
