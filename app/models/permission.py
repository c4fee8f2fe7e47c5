"""FAB's tables of users, roles and permissions, as far as actions write them.

Thin Core tables over what Flask-AppBuilder owns: its managers commit in the
middle of a transaction and are never called to write (decision 4). Only the
columns that are read or written here are declared.
"""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Subquery,
    Table,
    select,
    union,
)

metadata = MetaData()

user = Table(
    "ab_user",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("first_name", String(64)),
    Column("last_name", String(64)),
    Column("username", String(64)),
    Column("password", String(256)),
    Column("active", Boolean),
    Column("email", String(320)),
    Column("created_on", DateTime),
    Column("changed_on", DateTime),
    Column("login_count", Integer),
    Column("fail_login_count", Integer),
)
role = Table(
    "ab_role",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64)),
)
permission = Table(
    "ab_permission",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100)),
)
view_menu = Table(
    "ab_view_menu",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(250)),
)
permission_view = Table(
    "ab_permission_view",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("permission_id", Integer, ForeignKey("ab_permission.id")),
    Column("view_menu_id", Integer, ForeignKey("ab_view_menu.id")),
)
permission_view_role = Table(
    "ab_permission_view_role",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("permission_view_id", Integer, ForeignKey("ab_permission_view.id")),
    Column("role_id", Integer, ForeignKey("ab_role.id")),
)
user_role = Table(
    "ab_user_role",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Integer, ForeignKey("ab_user.id")),
    Column("role_id", Integer, ForeignKey("ab_role.id")),
)
user_group = Table(
    "ab_user_group",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Integer, ForeignKey("ab_user.id")),
    Column("group_id", Integer),
)
group_role = Table(
    "ab_group_role",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("group_id", Integer),
    Column("role_id", Integer, ForeignKey("ab_role.id")),
)


def roles_of_logins() -> Subquery:
    """``user_id`` and ``role_id`` of every role that a login has, itself or by a group of FAB's."""
    own = select(user_role.c.user_id, user_role.c.role_id)
    of_groups = select(user_group.c.user_id, group_role.c.role_id).join(
        group_role, group_role.c.group_id == user_group.c.group_id
    )
    return union(own, of_groups).subquery("roles_of_logins")
