"""Plays: ways through simulations

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plays',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.JSON(), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.Column('earned', sa.Integer(), nullable=False),
    sa.Column('best', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_plays_document_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_plays_person_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['revisions.id'], name=op.f('fk_plays_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plays')),
    sa.UniqueConstraint('uid', name=op.f('uq_plays_uid'))
    )
    with op.batch_alter_table('plays', schema=None) as batch_op:
        batch_op.create_index('ix_plays_document_id_finished_at', ['document_id', 'finished_at'], unique=False)
        batch_op.create_index('ix_plays_person_id_document_id', ['person_id', 'document_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('plays', schema=None) as batch_op:
        batch_op.drop_index('ix_plays_person_id_document_id')
        batch_op.drop_index('ix_plays_document_id_finished_at')
    op.drop_table('plays')
