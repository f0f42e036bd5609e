"""Marking by people: markings, claims, saved comments, and how many answers of an attempt wait

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('saved_comments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_saved_comments_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_comments')),
    sa.UniqueConstraint('uid', name=op.f('uq_saved_comments_uid'))
    )
    with op.batch_alter_table('saved_comments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saved_comments_person_id'), ['person_id'], unique=False)

    op.create_table('marking_claims',
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('until_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_marking_claims_attempt_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_marking_claims_person_id')),
    sa.PrimaryKeyConstraint('attempt_id', 'question_id', name=op.f('pk_marking_claims'))
    )
    op.create_table('markings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('points', sa.JSON(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('earned', sa.Integer(), nullable=False),
    sa.Column('marker_id', sa.Integer(), nullable=False),
    sa.Column('marked_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_markings_attempt_id')),
    sa.ForeignKeyConstraint(['marker_id'], ['people.id'], name=op.f('fk_markings_marker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_markings')),
    sa.UniqueConstraint('attempt_id', 'question_id', 'number', name=op.f('uq_markings_attempt_id_question_id_number'))
    )
    op.add_column('attempts', sa.Column('waiting', sa.Integer(), server_default='0', nullable=False))
    _count_waiting()
    op.create_index(
        'ix_attempts_queue', 'attempts', ['submitted_at', 'id'], unique=False,
        sqlite_where=sa.text('waiting > 0'), postgresql_where=sa.text('waiting > 0'),
    )


def downgrade() -> None:
    op.drop_index('ix_attempts_queue', table_name='attempts')
    op.drop_column('attempts', 'waiting')
    op.drop_table('markings')
    op.drop_table('marking_claims')
    with op.batch_alter_table('saved_comments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_saved_comments_person_id'))

    op.drop_table('saved_comments')


def _count_waiting() -> None:
    """Essays that were handed in before this revision wait as well."""
    connection = op.get_bind()
    attempts = sa.table('attempts', sa.column('id', sa.Integer), sa.column('marks', sa.JSON), sa.column('waiting'))
    held = sa.cast(attempts.c.marks, sa.Text).contains('"waiting"')
    for attempt_id, marks in connection.execute(sa.select(attempts.c.id, attempts.c.marks).where(held)).all():
        number = sum(mark['state'] == 'waiting' for mark in marks.values())
        connection.execute(sa.update(attempts).where(attempts.c.id == attempt_id).values(waiting=number))
