"""contacts of postings that ended long ago are erased by age: a proof that hangs on no seeker"""

from alembic import op

revision = "0012"
down_revision = "0011"
CHECK = "ck_erasures_somebody_asked"


def upgrade() -> None:
    op.alter_column("erasures", "seeker_id", nullable=True)
    op.create_check_constraint(op.f(CHECK), "erasures", "seeker_id IS NOT NULL OR reason = 'age'")


def downgrade() -> None:
    op.drop_constraint(op.f(CHECK), "erasures")
    op.execute("DELETE FROM erasures WHERE seeker_id IS NULL")
    op.alter_column("erasures", "seeker_id", nullable=False)
