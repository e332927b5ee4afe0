
import comments.models.comments
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_accounts'),
        ('consult', '0001_document'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.TextField(db_collation='C', verbose_name='path')),
                ('depth', models.PositiveSmallIntegerField(default=0, verbose_name='depth')),
                ('sequence', models.PositiveBigIntegerField(verbose_name='sequence number')),
                ('changed_sequence', models.PositiveBigIntegerField(verbose_name='sequence number of the last change')),
                ('reference', models.CharField(default=comments.models.comments.new_reference, editable=False, max_length=12, unique=True, verbose_name='receipt number')),
                ('group', models.CharField(choices=[('school', 'School'), ('association', 'Industry association'), ('enterprise', 'Enterprise'), ('training', 'Training institution'), ('ngo', 'NGO'), ('government', 'Government body'), ('public', 'Public')], max_length=12, verbose_name='stakeholder group')),
                ('organisation_name', models.CharField(blank=True, max_length=120, verbose_name="organisation's name")),
                ('school_level', models.CharField(blank=True, choices=[('junior', 'Junior high school'), ('technical', 'Technical senior high school'), ('comprehensive', 'Comprehensive senior high school'), ('college', 'Junior college'), ('university', 'Institute or university of technology'), ('other', 'Other school')], max_length=13, verbose_name='school level')),
                ('public_role', models.CharField(blank=True, choices=[('student', 'Student'), ('parent', 'Parent'), ('teacher', 'Teacher'), ('worker', 'Worker'), ('employer', 'Employer'), ('other', 'Other')], max_length=8, verbose_name='role')),
                ('as_drafter', models.BooleanField(default=False, verbose_name='said as a drafter')),
                ('stance', models.CharField(choices=[('support', 'Support'), ('oppose', 'Oppose'), ('suggest', 'Suggest a change'), ('question', 'Question'), ('other', 'Other')], max_length=8, verbose_name='stance')),
                ('body', models.TextField(max_length=5000, verbose_name='comment')),
                ('proposed_text', models.TextField(blank=True, verbose_name='proposed wording')),
                ('state', models.CharField(choices=[('shown', 'Shown'), ('held', 'Held for a moderator'), ('hidden', 'Hidden'), ('withdrawn', 'Withdrawn')], default='shown', max_length=9, verbose_name='state')),
                ('hidden_by_rule', models.CharField(blank=True, choices=[('personal_data', 'Gives away personal data'), ('attack', 'Attacks or threatens people'), ('discrimination', 'Degrades people for what they are'), ('impersonation', 'Pretends to be someone else'), ('advertising', 'Advertises, or is spam'), ('unlawful', 'Is against the law'), ('off_topic', 'Is not about this draft')], max_length=16, verbose_name='rule')),
                ('anchor_exact', models.TextField(blank=True)),
                ('anchor_prefix', models.TextField(blank=True)),
                ('anchor_suffix', models.TextField(blank=True)),
                ('anchor_start', models.PositiveIntegerField(blank=True, null=True)),
                ('anchor_end', models.PositiveIntegerField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='posted')),
                ('edited_at', models.DateTimeField(blank=True, null=True, verbose_name='edited')),
                ('spread_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('reply_count', models.PositiveIntegerField(default=0, verbose_name='replies')),
                ('endorsement_count', models.PositiveIntegerField(default=0, verbose_name='endorsements')),
                ('idempotency_key', models.UUIDField(verbose_name='idempotency key')),
                ('is_demonstration', models.BooleanField(default=False, verbose_name='demonstration')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='accounts.organisation')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='comments.comment')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
            },
        ),
        migrations.CreateModel(
            name='NotificationChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('e_mail', models.CharField(choices=[('digest', 'One message a day'), ('immediate', 'At once'), ('off', 'Not at all')], default='digest', max_length=9, verbose_name='by e-mail')),
                ('language', models.CharField(choices=[('zh-hant', 'Traditional Chinese'), ('en', 'English')], default='zh-hant', max_length=10, verbose_name='language')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notification_choice', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'choice of notifications',
                'verbose_name_plural': 'choices of notifications',
            },
        ),
        migrations.CreateModel(
            name='Original',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.TextField(verbose_name='comment')),
                ('proposed_text', models.TextField(blank=True, verbose_name='proposed wording')),
                ('anchor_exact', models.TextField(blank=True)),
                ('anchor_prefix', models.TextField(blank=True)),
                ('anchor_suffix', models.TextField(blank=True)),
                ('anchor_start', models.PositiveIntegerField(blank=True, null=True)),
                ('anchor_end', models.PositiveIntegerField(blank=True, null=True)),
                ('kept_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='kept')),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='original', to='comments.comment')),
            ],
            options={
                'verbose_name': 'original',
                'verbose_name_plural': 'originals',
            },
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveBigIntegerField(default=0, verbose_name='last sequence number')),
                ('comment_count', models.PositiveIntegerField(default=0, verbose_name='comments')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='consult.draft')),
                ('provision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='consult.provision')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='consult.section')),
            ],
            options={
                'verbose_name': 'thread',
                'verbose_name_plural': 'threads',
            },
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('reminded_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('provision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='consult.provision')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='consult.section')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='comments.thread')),
            ],
            options={
                'verbose_name': 'follow',
                'verbose_name_plural': 'follows',
            },
        ),
        migrations.AddField(
            model_name='comment',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='comments.thread'),
        ),
        migrations.CreateModel(
            name='ThreadTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(choices=[('school', 'School'), ('association', 'Industry association'), ('enterprise', 'Enterprise'), ('training', 'Training institution'), ('ngo', 'NGO'), ('government', 'Government body'), ('public', 'Public')], max_length=12)),
                ('stance', models.CharField(max_length=8)),
                ('comments', models.PositiveIntegerField(default=0)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='comments.thread')),
            ],
            options={
                'verbose_name': 'thread tally',
                'verbose_name_plural': 'thread tallies',
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('stored_name', models.CharField(editable=False, max_length=100, unique=True)),
                ('shown_name', models.CharField(max_length=150, verbose_name='file name')),
                ('kind', models.CharField(max_length=4, verbose_name='kind')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='comments.comment')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('comment', 'position'), name='attachment_position')],
            },
        ),
        migrations.CreateModel(
            name='CommentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('stance', models.CharField(choices=[('support', 'Support'), ('oppose', 'Oppose'), ('suggest', 'Suggest a change'), ('question', 'Question'), ('other', 'Other')], max_length=8, verbose_name='stance')),
                ('body', models.TextField(verbose_name='comment')),
                ('proposed_text', models.TextField(blank=True, verbose_name='proposed wording')),
                ('written_at', models.DateTimeField(verbose_name='written')),
                ('replaced_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='replaced')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='comments.comment')),
            ],
            options={
                'verbose_name': 'comment version',
                'verbose_name_plural': 'comment versions',
                'constraints': [models.UniqueConstraint(fields=('comment', 'number'), name='comment_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Endorsement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation_name', models.CharField(blank=True, max_length=120, verbose_name="organisation's name")),
                ('group', models.CharField(choices=[('school', 'School'), ('association', 'Industry association'), ('enterprise', 'Enterprise'), ('training', 'Training institution'), ('ngo', 'NGO'), ('government', 'Government body'), ('public', 'Public')], max_length=12, verbose_name='stakeholder group')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='given')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='endorsements', to='comments.comment')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='endorsements', to='accounts.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='endorsements', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'endorsement',
                'verbose_name_plural': 'endorsements',
                'constraints': [models.UniqueConstraint(fields=('comment', 'user'), name='endorsement_once', violation_error_message='You have endorsed this comment already.')],
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(choices=[('personal_data', 'Gives away personal data'), ('attack', 'Attacks or threatens people'), ('discrimination', 'Degrades people for what they are'), ('impersonation', 'Pretends to be someone else'), ('advertising', 'Advertises, or is spam'), ('unlawful', 'Is against the law'), ('off_topic', 'Is not about this draft')], max_length=16, verbose_name='rule')),
                ('words', models.TextField(blank=True, verbose_name="in the reporter's words")),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='reported')),
                ('handled_at', models.DateTimeField(blank=True, null=True, verbose_name='dealt with')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='comments.comment')),
                ('reporter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='flags', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'flag',
                'verbose_name_plural': 'flags',
                'indexes': [models.Index(condition=models.Q(('handled_at__isnull', True)), fields=['created_at'], name='flag_queue')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('handled_at__isnull', True), ('reporter__isnull', False)), fields=('comment', 'reporter'), name='flag_once_a_reporter', violation_error_message='You have reported this comment already.'), models.UniqueConstraint(condition=models.Q(('handled_at__isnull', True), ('reporter__isnull', True)), fields=('comment', 'rule'), name='flag_once_a_check')],
            },
        ),
        migrations.CreateModel(
            name='ModerationRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('hold', 'Held'), ('release', 'Released'), ('hide', 'Hidden'), ('restore', 'Restored'), ('keep', 'Left as it is'), ('appeal', 'Appealed'), ('uphold', 'Appeal refused'), ('withdraw', 'Withdrawn by the author')], max_length=8, verbose_name='act')),
                ('rule', models.CharField(blank=True, choices=[('personal_data', 'Gives away personal data'), ('attack', 'Attacks or threatens people'), ('discrimination', 'Degrades people for what they are'), ('impersonation', 'Pretends to be someone else'), ('advertising', 'Advertises, or is spam'), ('unlawful', 'Is against the law'), ('off_topic', 'Is not about this draft')], max_length=16, verbose_name='rule')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moderation_records', to='comments.comment')),
            ],
            options={
                'verbose_name': 'moderation record',
                'verbose_name_plural': 'moderation records',
                'indexes': [models.Index(fields=['comment', 'recorded_at'], name='moderation_of_a_comment'), models.Index(fields=['-recorded_at', '-id'], name='moderation_newest_first')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('act', 'hide'), _negated=True), models.Q(('rule', ''), _negated=True), _connector='OR'), name='moderation_hides_by_a_rule')],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reply', 'Reply to you'), ('mention', 'You are mentioned'), ('endorsement', 'Endorsement'), ('new_comment', 'New comment on what you follow'), ('moderation', 'Moderation'), ('closing', 'A section you follow closes soon'), ('orphaned', 'The words you commented on are gone in the new draft')], max_length=12, verbose_name='kind')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='told')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='mailed')),
                ('comment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='comments.comment')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='consult.section')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'notification',
                'verbose_name_plural': 'notifications',
                'indexes': [models.Index(fields=['user', '-created_at', '-id'], name='notification_list'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user'], name='notification_unread'), models.Index(condition=models.Q(('mailed_at__isnull', True)), fields=['user', 'created_at'], name='notification_to_be_mailed')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('comment__isnull', False), models.Q(('kind', 'moderation'), _negated=True)), fields=('user', 'kind', 'comment'), name='notification_once'), models.CheckConstraint(condition=models.Q(('comment__isnull', False), ('section__isnull', False), _connector='OR'), name='notification_about_something')],
            },
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.UniqueConstraint(condition=models.Q(('provision__isnull', False)), fields=('provision',), name='thread_one_a_provision'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.UniqueConstraint(condition=models.Q(('provision__isnull', True), ('section__isnull', False)), fields=('section',), name='thread_one_a_section_as_a_whole'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.UniqueConstraint(condition=models.Q(('section__isnull', True)), fields=('draft',), name='thread_one_a_draft_as_a_whole'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(('provision__isnull', True), ('section__isnull', False), _connector='OR'), name='thread_provision_in_section'),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('provision__isnull', True), ('section__isnull', False), ('thread__isnull', True)), models.Q(('provision__isnull', False), ('section__isnull', True), ('thread__isnull', True)), models.Q(('provision__isnull', True), ('section__isnull', True), ('thread__isnull', False)), _connector='OR'), name='follow_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.UniqueConstraint(condition=models.Q(('section__isnull', False)), fields=('user', 'section'), name='follow_section_once'),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.UniqueConstraint(condition=models.Q(('provision__isnull', False)), fields=('user', 'provision'), name='follow_provision_once'),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.UniqueConstraint(condition=models.Q(('thread__isnull', False)), fields=('user', 'thread'), name='follow_thread_once'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['thread', 'changed_sequence'], name='comment_catching_up'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('parent__isnull', True)), fields=['thread', 'sequence'], name='comment_first_by_number'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('parent__isnull', True)), fields=['thread', '-endorsement_count', '-sequence'], name='comment_first_by_endorsement'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['thread', 'stance', 'sequence'], name='comment_of_a_stance'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['thread', 'group', 'sequence'], name='comment_of_a_group'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['parent', 'sequence'], name='comment_replies'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['author', '-created_at', '-id'], name='comment_of_an_author'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['organisation', '-created_at', '-id'], name='comment_of_an_organisation'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('spread_at__isnull', True)), fields=['created_at'], name='comment_to_be_spread'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(fields=('author', 'idempotency_key'), name='comment_once'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(fields=('thread', 'path'), name='comment_path_unique'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('anchor_end__isnull', True), ('anchor_exact', ''), ('anchor_start__isnull', True)), models.Q(('anchor_start__lt', models.F('anchor_end')), models.Q(('anchor_exact', ''), _negated=True)), _connector='OR'), name='comment_anchor_whole_or_none', violation_error_message='The words commented on are incomplete.'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('depth', 0), ('parent__isnull', True)), models.Q(('depth__gt', 0), ('parent__isnull', False)), _connector='OR'), name='comment_depth_fits_parent'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'shown'), models.Q(('anchor_exact', ''), ('body', ''), ('proposed_text', '')), _connector='OR'), name='comment_text_only_where_shown'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'hidden'), ('hidden_by_rule', ''), _connector='XOR'), name='comment_hidden_by_a_rule'),
        ),
        migrations.AddConstraint(
            model_name='threadtally',
            constraint=models.UniqueConstraint(fields=('thread', 'group', 'stance'), name='thread_tally_once'),
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_entry', serialize=False, to='comments.comment')),
                ('thread', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='comments.thread')),
                ('draft', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consult.draft')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('terms_version', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name': 'search entry',
                'verbose_name_plural': 'search entries',
            },
        ),
        migrations.AddIndex(
            model_name='searchentry',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='search_entry_words'),
        ),
        migrations.AddIndex(
            model_name='searchentry',
            index=models.Index(fields=['draft', '-comment'], name='search_entry_newest_in_draft'),
        ),
        migrations.AddIndex(
            model_name='searchentry',
            index=models.Index(fields=['draft', 'terms_version'], name='search_entry_stale'),
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('exact', 'The same words'), ('edited', 'The words changed'), ('moved', 'Moved with its words'), ('orphaned', 'Its words are gone')], max_length=8, verbose_name='status')),
                ('start', models.PositiveIntegerField(blank=True, null=True)),
                ('end', models.PositiveIntegerField(blank=True, null=True)),
                ('score', models.FloatField(verbose_name='share of its words that is left')),
                ('is_certain', models.BooleanField(verbose_name='certain')),
                ('placed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='placed')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='comments.comment')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='consult.draft')),
                ('provision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='consult.provision')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='consult.section')),
            ],
            options={
                'verbose_name': 'placement',
                'verbose_name_plural': 'placements',
                'indexes': [models.Index(fields=['section', 'provision', '-comment'], name='placement_in_section'), models.Index(condition=models.Q(('decided_at__isnull', True), models.Q(('is_certain', False), ('status', 'orphaned'), _connector='OR')), fields=['draft', 'comment'], name='placement_waiting')],
                'constraints': [models.UniqueConstraint(fields=('comment', 'draft'), name='placement_once'), models.CheckConstraint(condition=models.Q(models.Q(('end', None), ('start', None)), models.Q(('provision__isnull', False), ('start__lt', models.F('end'))), _connector='OR'), name='placement_words_of_a_provision'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'orphaned'), _negated=True), ('provision', None), _connector='OR'), name='placement_orphan_has_no_words')],
            },
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('confirmed', 'Confirmed'), ('rejected', 'Rejected')], default='proposed', max_length=9, verbose_name='state')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='found')),
            ],
            options={
                'verbose_name': 'campaign',
                'verbose_name_plural': 'campaigns',
            },
        ),
        migrations.CreateModel(
            name='CampaignMember',
            fields=[
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='campaign_member', serialize=False, to='comments.comment')),
                ('left_out', models.BooleanField(default=False, verbose_name='taken out')),
            ],
            options={
                'verbose_name': 'comment of a campaign',
                'verbose_name_plural': 'comments of campaigns',
            },
        ),
        migrations.CreateModel(
            name='CampaignRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('confirm', 'Confirmed'), ('reject', 'Rejected'), ('reopen', 'Decision taken back'), ('take_out', 'Comment taken out'), ('put_back', 'Comment put back')], max_length=8, verbose_name='act')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
            ],
            options={
                'verbose_name': 'decision on a campaign',
                'verbose_name_plural': 'decisions on campaigns',
            },
        ),
        migrations.CreateModel(
            name='TextSignature',
            fields=[
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='text_signature', serialize=False, to='comments.comment')),
                ('text', models.BigIntegerField()),
                ('length', models.PositiveIntegerField()),
                ('numbers', models.BinaryField(default=bytes)),
                ('bands', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                'verbose_name': 'text signature',
                'verbose_name_plural': 'text signatures',
            },
        ),
        migrations.CreateModel(
            name='ComparisonDue',
            fields=[
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='comparison_due', serialize=False, to='comments.comment')),
                ('since', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'comparison due',
                'verbose_name_plural': 'comparisons due',
            },
        ),
        migrations.AddField(
            model_name='campaign',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='consult.draft'),
        ),
        migrations.AddField(
            model_name='campaignmember',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='comments.campaign'),
        ),
        migrations.AddField(
            model_name='textsignature',
            name='exemplar_of',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exemplars', to='comments.campaign'),
        ),
        migrations.AddIndex(
            model_name='textsignature',
            index=models.Index(condition=models.Q(('exemplar_of__isnull', False)), fields=['exemplar_of'], name='text_signature_exemplars'),
        ),
        migrations.AddField(
            model_name='campaignrecord',
            name='actor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='campaignrecord',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='comments.campaign'),
        ),
        migrations.AddField(
            model_name='campaignrecord',
            name='comment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comments.comment'),
        ),
        migrations.AddField(
            model_name='textsignature',
            name='draft',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consult.draft'),
        ),
        migrations.AddIndex(
            model_name='campaign',
            index=models.Index(fields=['draft', 'state'], name='campaign_by_state'),
        ),
        migrations.AddIndex(
            model_name='campaignrecord',
            index=models.Index(fields=['campaign', 'recorded_at'], name='campaign_record_in_order'),
        ),
        migrations.AddConstraint(
            model_name='campaignrecord',
            constraint=models.CheckConstraint(condition=models.Q(('act__in', ('take_out', 'put_back')), ('comment__isnull', True), _connector='XOR'), name='campaign_record_names_a_comment'),
        ),
        migrations.AddIndex(
            model_name='textsignature',
            index=models.Index(fields=['draft', 'text', 'comment'], name='text_signature_same'),
        ),
        migrations.AddIndex(
            model_name='textsignature',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['bands'], name='text_signature_near'),
        ),
    ]
