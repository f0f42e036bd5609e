"""Surveys: who answered, and apart from that what was answered

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('participations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('answered_at', sa.DateTime(), nullable=False),
    sa.Column('named_answers', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_participations_document_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_participations_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participations')),
    sa.UniqueConstraint('person_id', 'document_id', name=op.f('uq_participations_person_id_document_id'))
    )
    with op.batch_alter_table('participations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_participations_document_id'), ['document_id'], unique=False)

    # Without a rowid, SQLite keeps these rows in the order of their keys: nothing says in which order they came.
    op.create_table('ballot_counts',
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('circle', sa.Text(), nullable=False),
    sa.Column('question_id', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_ballot_counts_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'circle', 'question_id', 'value', name=op.f('pk_ballot_counts')),
    sqlite_with_rowid=False
    )
    op.create_table('remarks',
    sa.Column('uid', sa.Text(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_remarks_document_id')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_remarks')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('remarks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_remarks_document_id'), ['document_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('remarks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_remarks_document_id'))
    op.drop_table('remarks')
    op.drop_table('ballot_counts')
    with op.batch_alter_table('participations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_participations_document_id'))
    op.drop_table('participations')
