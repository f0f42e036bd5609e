"""Clocks of attempts: allowances, credits, outages and the server's beat; answers that were checked

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('beats',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_beats'))
    )
    op.create_table('outages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('from_at', sa.DateTime(), nullable=False),
    sa.Column('to_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outages'))
    )
    with op.batch_alter_table('outages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outages_to_at'), ['to_at'], unique=False)

    op.create_table('allowances',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('cohort_id', sa.Integer(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint('(person_id IS NULL) <> (cohort_id IS NULL)', name=op.f('ck_allowances_one_holder')),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_allowances_author_id')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_allowances_cohort_id')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_allowances_document_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_allowances_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allowances'))
    )
    with op.batch_alter_table('allowances', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_allowances_document_id'), ['document_id'], unique=False)

    op.create_table('credits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('from_at', sa.DateTime(), nullable=False),
    sa.Column('to_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("cause IN ('connection', 'server')", name=op.f('ck_credits_cause')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_credits_attempt_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credits'))
    )
    with op.batch_alter_table('credits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_credits_attempt_id'), ['attempt_id'], unique=False)

    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('checked_at', sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.drop_column('checked_at')

    with op.batch_alter_table('credits', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_credits_attempt_id'))

    op.drop_table('credits')
    with op.batch_alter_table('allowances', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_allowances_document_id'))

    op.drop_table('allowances')
    with op.batch_alter_table('outages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outages_to_at'))

    op.drop_table('outages')
    op.drop_table('beats')
