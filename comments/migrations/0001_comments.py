
import comments.models
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
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
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveBigIntegerField(default=0, verbose_name='last sequence number')),
                ('comment_count', models.PositiveIntegerField(default=0, verbose_name='comments')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='consult.draft')),
                ('provision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='consult.provision')),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='consult.section')),
            ],
            options={
                'verbose_name': 'thread',
                'verbose_name_plural': 'threads',
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.TextField(db_collation='C', verbose_name='path')),
                ('depth', models.PositiveSmallIntegerField(default=0, verbose_name='depth')),
                ('sequence', models.PositiveBigIntegerField(verbose_name='sequence number')),
                ('changed_sequence', models.PositiveBigIntegerField(verbose_name='sequence number of the last change')),
                ('reference', models.CharField(default=comments.models.new_reference, editable=False, max_length=12, unique=True, verbose_name='receipt number')),
                ('group', models.CharField(choices=[('school', 'School'), ('association', 'Industry association'), ('enterprise', 'Enterprise'), ('training', 'Training institution'), ('ngo', 'NGO'), ('government', 'Government body'), ('public', 'Public')], max_length=12, verbose_name='stakeholder group')),
                ('organisation_name', models.CharField(blank=True, max_length=120, verbose_name="organisation's name")),
                ('school_level', models.CharField(blank=True, choices=[('junior', 'Junior high school'), ('technical', 'Technical senior high school'), ('comprehensive', 'Comprehensive senior high school'), ('college', 'Junior college'), ('university', 'Institute or university of technology'), ('other', 'Other school')], max_length=13, verbose_name='school level')),
                ('public_role', models.CharField(blank=True, choices=[('student', 'Student'), ('parent', 'Parent'), ('teacher', 'Teacher'), ('worker', 'Worker'), ('employer', 'Employer'), ('other', 'Other')], max_length=8, verbose_name='role')),
                ('as_drafter', models.BooleanField(default=False, verbose_name='said as a drafter')),
                ('stance', models.CharField(choices=[('support', 'Support'), ('oppose', 'Oppose'), ('suggest', 'Suggest a change'), ('question', 'Question'), ('other', 'Other')], max_length=8, verbose_name='stance')),
                ('body', models.TextField(max_length=5000, verbose_name='comment')),
                ('anchor_exact', models.TextField(blank=True)),
                ('anchor_prefix', models.TextField(blank=True)),
                ('anchor_suffix', models.TextField(blank=True)),
                ('anchor_start', models.PositiveIntegerField(blank=True, null=True)),
                ('anchor_end', models.PositiveIntegerField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='posted')),
                ('idempotency_key', models.UUIDField(verbose_name='idempotency key')),
                ('is_demonstration', models.BooleanField(default=False, verbose_name='demonstration')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='accounts.organisation')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='comments.comment')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='comments.thread')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
            },
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.UniqueConstraint(condition=models.Q(('provision__isnull', False)), fields=('provision',), name='thread_one_a_provision'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.UniqueConstraint(condition=models.Q(('provision__isnull', True)), fields=('section',), name='thread_one_a_section_as_a_whole'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['thread', 'changed_sequence'], name='comment_catching_up'),
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
    ]
